from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest

from core.figures.figure import Figure
from tests.figures.checked import checked
from tests.test_structure import MODULES, imports


@checked
def misspelt() -> Figure:
    figure = Figure()
    figure.add_bar(x=[1], y=[2], colour="red")
    return figure


def test_tests_of_figures_find_a_wrong_property():
    with pytest.raises(ValueError, match="colour"):
        misspelt()


def test_a_figure_says_to_the_browser_what_plotly_s_own_class_says():
    values = np.array([[0.5, np.nan], [2.0, 3.0]])
    ours, theirs = Figure(), go.Figure()
    for figure in (ours, theirs):
        figure.add_heatmap(z=values, colorscale=[[0.0, "#000000"], [1.0, "#ffffff"]])
        figure.add_scatter(x=np.arange(3), y=[1.0, None, float("nan")], text=np.array(["a", "b", "c"]))
        figure.add_vline(x=1, line={"width": 2})
        figure.add_hline(y=2, line={"color": "red"})
        figure.update_xaxes(title="Steps", range=None, showgrid=False)
        figure.update_yaxes(title="Value", tickvals=[0, 1])
        figure.update_layout(margin={"l": 8, "t": 32})
        figure.update_layout(margin={"t": 64}, hovermode="closest")
    said = [json.loads(plotly.io.to_json(figure.to_dict(), validate=False)) for figure in (ours, theirs)]
    del said[1]["layout"]["template"]  # Plotly's own
    assert said[0]["layout"] == said[1]["layout"]
    steps = [said[k]["data"][1].pop("x") for k in (0, 1)]  # as 32-bit and as 8-bit numbers
    assert said[0]["data"] == said[1]["data"]
    assert {step["dtype"] for step in steps} == {"i4", "i1"}


def test_axes_of_all_panels_change_together():
    figure = Figure()
    figure.update_layout(yaxis={}, yaxis2={"matches": "y"})
    figure.update_yaxes(title="Value")
    assert figure.layout == {
        "yaxis": {"title": {"text": "Value"}},
        "yaxis2": {"title": {"text": "Value"}, "matches": "y"},
    }


def test_what_was_sent_does_not_change_with_the_figure():
    figure = Figure()
    sent = figure.update_layout(margin={"t": 1}).to_dict()
    figure.update_layout(margin={"t": 2})
    assert sent["layout"]["margin"] == {"t": 1}


def test_names_and_values_are_text_and_not_tags() -> None:
    evil = '<a href="//evil.example">x</a> & y'
    figure = Figure()
    figure.add_scatter(x=[1, 2], y=[evil, "b"], name=evil, text=np.array([evil]), customdata=[[evil, 1]])
    figure.update_xaxes(title=evil, ticktext=[evil], tickvals=[0])

    said = json.dumps(figure.to_dict())

    assert "<" not in said
    assert said.count("&lt;a href") == 6
    assert figure.to_dict()["data"][0]["x"] == [1, 2]


def test_no_module_of_the_app_builds_figures_with_plotly_s_own_class() -> None:
    assert [name for name in MODULES if "plotly.graph_objects" in imports(name, True)] == []
