from __future__ import annotations

import functools
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from core.runs import Run
from core.runs.process import tight_memory
from core.subprocesses import ChildProcess, ProcessLimit
from core.subprocesses import places as module
from core.visitors import Visitor
from pages.parts.shared import experiment, visitors

FAKE = str(Path(__file__).parents[2] / "subprocesses" / "fake_child.py")


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessLimit]:
    """Return two places for experiments that count."""
    limit = ProcessLimit(2)
    command = (sys.executable, FAKE, "60")
    started: list[ChildProcess] = []

    def child(*arguments: Any, **options: Any) -> ChildProcess:
        started.append(ChildProcess(*arguments, command=command, **options))
        return started[-1]

    monkeypatch.setattr(experiment, "EXPERIMENT_PLACES", limit)
    monkeypatch.setattr(experiment, "ChildProcess", child)
    yield limit
    for each in started:
        each.close()


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that begins a visitor's next session and returns its state."""

    def opened(name: str) -> dict[str, Any]:
        state: dict[str, Any] = {}
        monkeypatch.setattr(st, "session_state", state)
        monkeypatch.setattr(visitors, "visitor", lambda: Visitor(name, ids=frozenset({name})))
        return state

    return opened


start = functools.partial(experiment.start, "counter")


def test_a_reload_does_not_take_a_second_place(opens: Any) -> None:
    sessions = []
    for name in ("a", "b", "a", "b", "a"):
        sessions.append(opens(name))
        assert start() is not None

    assert [session["experiment"].alive for session in sessions] == [False, False, False, True, True]
    assert experiment.start_count() == 1


@pytest.mark.parametrize("clear", [st.cache_resource.clear, st.cache_data.clear])
def test_clearing_streamlit_s_caches_frees_no_place(opens: Any, clear: Any) -> None:
    for name in ("a", "b"):
        opens(name)
        assert start() is not None
    opens("c")
    clear()

    assert start() is None


def test_an_experiment_ends_with_the_session_that_started_it(
    opens: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = {"a tab"}
    monkeypatch.setattr(module, "CHECK", 0.01)
    monkeypatch.setattr(module, "GRACE", 0.05)
    monkeypatch.setattr(experiment, "get_script_run_ctx", lambda: SimpleNamespace(session_id="a tab"))
    server = SimpleNamespace(is_active_session=sessions.__contains__)
    monkeypatch.setattr(experiment.runtime, "get_instance", lambda: server)
    opens("a")
    process = start()
    assert process is not None
    time.sleep(0.1)
    assert process.alive

    sessions.clear()

    assert process.ended().message.key == "subprocesses.visitor_left"


def test_on_a_tight_host_an_experiment_and_a_training_exclude_each_other(
    opens: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path))
    monkeypatch.setenv("DEEP_IMAGE_LAB_MEMORY_GB", "1")
    training = functools.partial(tight_memory.without_experiments, Run(tmp_path / "runs" / "a"), lambda: True)
    opens("a")
    with training() as may_train:
        assert may_train
        assert start() is None
    first = start()
    opens("a")  # in another tab
    assert start() is not None
    assert first is not None
    assert not first.alive
    with training() as may_train:
        assert not may_train
    experiment.close()
    with training() as may_train:
        assert may_train
