from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import plotly
import plotly.graph_objects as go
import pytest

from tests.pages.components.conftest import Browser, Mounted


def test_a_chart_sends_its_figure_its_description_and_the_address_of_plotly(
    mounted: Mounted, browser: Browser
) -> None:
    figure = go.Figure(go.Scatter(y=[1, 2]), go.Layout(height=240))

    mounted("chart").chart(figure, key="loss", alt="Loss by step")

    (sent,) = browser.sent
    assert (sent["key"], sent["height"], browser.data["alt"]) == ("loss", 240, "Loss by step")
    assert json.loads(browser.data["figure"])["data"][0]["y"] == [1, 2]
    assert plotly.__version__ in browser.data["library"]


def test_preloading_names_the_same_library_and_no_figure(mounted: Mounted, browser: Browser) -> None:
    chart = mounted("chart")
    chart.preload()
    alone = browser.data
    chart.chart(go.Figure(), key="loss", alt="")

    assert alone == {"library": browser.data["library"]}


@pytest.mark.parametrize(
    ("point", "heard"), [([3, 7], [(3, 7)]), ([1.5, 2], []), (["a", 2], []), ([1], []), (None, [])]
)
def test_a_tap_on_a_point_is_told_unless_the_browser_says_something_odd(
    mounted: Mounted, browser: Browser, session: dict[str, Any], point: Any, heard: list[tuple[int, int]]
) -> None:
    told: list[tuple[int, int]] = []
    mounted("chart").chart(go.Figure(), key="matrix", alt="", on_click=lambda x, y: told.append((x, y)))
    session["matrix"] = SimpleNamespace(clicked=point)

    browser.sent[-1]["on_clicked_change"]()

    assert browser.data["clicks"]
    assert told == heard


def test_a_file_is_named_after_the_key_without_signs_that_a_system_may_refuse(
    mounted: Mounted, browser: Browser
) -> None:
    mounted("chart").chart(go.Figure(), key="map of cat/dog: 1", alt="")

    assert browser.data["file"] == "map-of-cat-dog-1"
