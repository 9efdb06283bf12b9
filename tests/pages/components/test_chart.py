from __future__ import annotations

import json

import plotly
import plotly.graph_objects as go

from tests.pages.components.conftest import Browser, Mounted


def test_a_chart_sends_its_figure_its_description_and_the_address_of_plotly(
    mounted: Mounted, browser: Browser
) -> None:
    figure = go.Figure(go.Scatter(y=[1, 2]), go.Layout(height=240))

    mounted("chart").chart(figure, key="loss", alt="Loss by step")

    (sent,) = browser.sent
    assert (sent["key"], sent["height"], browser.data["alt"]) == ("loss", 240, "Loss by step")
    assert json.loads(browser.data["figure"])["data"][0]["y"] == [1, 2]
    assert browser.data["library"].endswith(f"/plotly.min.js?{plotly.__version__}")


def test_preloading_names_the_same_library_and_no_figure(mounted: Mounted, browser: Browser) -> None:
    chart = mounted("chart")
    chart.preload()
    alone = browser.data
    chart.chart(go.Figure(), key="loss", alt="")

    assert alone == {"library": browser.data["library"]}
