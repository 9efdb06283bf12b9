from __future__ import annotations

import pytest

from core.contract import architectures
from core.errors import RunError
from core.runs import Run, RunStore
from core.runs.process import launch
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown


def test_a_race_starts_two_runs_on_the_same_images_in_the_same_order(
    open_page: OpenPage, started: list[Run]
) -> None:
    at = open_page("train")
    at.toggle(key="race").set_value(True).run()
    at.selectbox(key="second classifier").set_value(architectures.get("lstm"))
    at.selectbox(key="second rate").set_value(0.5)
    at.number_input(key="training seed").set_value(9).run()
    at.button(key="start").click().run()

    assert not at.exception
    one, other = (run.config for run in started)
    assert (one.architecture, other.architecture) == ("tutorial", "lstm")
    assert other.learning_rate == pytest.approx(one.learning_rate / 2)
    shared = ("dataset", "train_size", "seed", "batch_size", "epochs", "validation_split")
    assert [getattr(one, name) for name in shared] == [getattr(other, name) for name in shared]
    assert "compare" in at.query_params


def test_a_race_that_finds_the_queue_full_leaves_no_run_that_was_not_started(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, store: RunStore
) -> None:
    error = RunError("runs.queue_full", count=20)

    def full(run: Run) -> None:
        if len(store.list()) > 1:
            raise error

    monkeypatch.setattr(launch, "start", full)
    at = open_page("train")
    at.toggle(key="race").set_value(True).run()
    at.button(key="start").click().run()

    assert at.error[0].value == as_shown(error)
    assert len(store.list()) == 1
