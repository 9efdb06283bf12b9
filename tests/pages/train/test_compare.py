from __future__ import annotations

import pytest

from core.contract import architectures
from core.contract.config import ClassifierConfig
from core.language import gettext
from core.runs import Run
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts
from tests.pages.train.actions import (
    STARTED,
    MakeRun,
    lengths,
    make,
    saves,
    start,
    steps,
)


@pytest.mark.parametrize("link", ["unknown", "a,b", "../x", ",".join(f"run{n}" for n in range(9))])
def test_a_link_that_compares_missing_or_too_many_runs_shows_one_error_and_the_form(
    open_page: OpenPage, link: str
) -> None:
    at = open_page("train", compare=link)

    assert len(at.error) == 1
    assert at.button(key="start")


def test_the_runs_of_a_link_share_one_chart_a_table_and_a_csv_file(
    open_page: OpenPage, finished: Run, recorded: MakeRun
) -> None:
    other = recorded(STARTED, steps(1, 10), config=ClassifierConfig(epochs=7), state="stopped")
    at = open_page("train", compare=f"{finished.id},{other.id}")

    title = gettext(architectures.get("tutorial").title)
    first, second = (line["name"] for line in charts(at)["overlay"]["data"])
    assert first == title
    assert second.startswith(title)
    assert second != title
    assert at.dataframe[0].value["epochs"].tolist() == [2, 7]
    assert at.dataframe[0].value["steps"].tolist() == [30, 10]
    make(at, "comparison.csv")
    assert saves(at) == ["comparison.csv"]

    at.selectbox(key="measure").set_value("loss").run()
    assert not at.exception
    assert set(lengths(charts(at)["overlay"])) == {30, 10}
    axis = charts(at)["overlay"]["layout"]["xaxis"]["title"]
    at.button_group(key="axis").set_value("time").run()
    assert charts(at)["overlay"]["layout"]["xaxis"]["title"] != axis


def test_ticked_runs_are_compared(open_page: OpenPage, started: list[Run]) -> None:
    at = start(start(open_page("train")))
    assert at.button(key="compare").disabled
    for run in started:
        at.checkbox(key=f"ticked {run.id}").check().run()
    at.button(key="compare").click().run()

    assert at.query_params["compare"] in (
        f"{started[1].id},{started[0].id}", [f"{started[1].id},{started[0].id}"],
    )  # fmt: skip
    assert len(at.get("progress")) == 2
