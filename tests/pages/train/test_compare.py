from __future__ import annotations

import pytest

from core.contract.config import ClassifierConfig
from core.runs import Run
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts
from tests.pages.train.actions import (
    STARTED,
    MakeRun,
    make,
    points,
    saves,
    start,
    steps,
)


@pytest.mark.parametrize("link", ["unknown", "a,b", "../x", ",".join(f"run{n}" for n in range(9))])
def test_a_link_that_compares_runs_that_are_not_there_is_one_sentence(open_page: OpenPage, link: str) -> None:
    at = open_page("train", compare=link)

    assert len(at.error) == 1
    assert any(button.key == "start" for button in at.button)


def test_runs_of_a_link_are_laid_over_each_other_with_a_table_and_a_csv(
    open_page: OpenPage, finished: Run, recorded: MakeRun
) -> None:
    other = recorded(
        STARTED, steps(1, 10), config=ClassifierConfig(epochs=7), state="stopped", message="Stopped."
    )
    at = open_page("train", compare=f"{finished.id},{other.id}")

    names = ["The tutorial's CNN", "The tutorial's CNN (2)"]
    assert [line["name"] for line in charts(at)["overlay"]["data"]] == names
    assert at.dataframe[0].value["epochs"].tolist() == [2, 7]
    assert at.dataframe[0].value["steps"].tolist() == [30, 10]
    make(at, "Metrics (CSV)")
    assert saves(at) == ["Save comparison.csv"]

    at.selectbox(key="measure").set_value("loss").run()
    assert not at.exception
    assert points(charts(at)["overlay"], names[1]) == 10
    at.button_group(key="axis").set_value("time").run()
    assert charts(at)["overlay"]["layout"]["xaxis"]["title"]["text"] == "Seconds of training"


def test_ticked_runs_are_compared(open_page: OpenPage, started: list[Run]) -> None:
    at = start(start(open_page("train")))
    assert at.button(key="compare").disabled
    for run in started:
        at.checkbox(key=f"ticked {run.id}").check().run()
    at.button(key="compare").click().run()

    assert at.query_params["compare"] in (
        f"{started[1].id},{started[0].id}", [f"{started[1].id},{started[0].id}"],
    )  # fmt: skip
    assert any(sub.value == "Comparison" for sub in at.subheader)
