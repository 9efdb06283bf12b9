from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.contract.config import ClassifierConfig
from core.runs import Run, RunStore, start

FAKE_WORKER = Path(__file__).with_name("fake_worker.py")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "home")


@pytest.fixture
def free_run(store: RunStore) -> Run:
    """Create a run that no worker holds."""
    return store.create(ClassifierConfig())


@pytest.fixture
def run(free_run: Run) -> Run:
    return free_run


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Return a function that waits for a condition and fails when it stays false."""

    def wait(condition: Callable[[], object], seconds: float = 20.0) -> None:
        give_up = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < give_up, "the condition stayed false"
            time.sleep(0.02)

    return wait


@pytest.fixture
def fake() -> Callable[..., list[str]]:
    """Return a function that builds the command of a fake worker, by its events and seconds between them."""

    def command(events: int = 2, seconds: float = 0.0, can_restore: bool = False) -> list[str]:
        words = [sys.executable, str(FAKE_WORKER), str(events), str(seconds)]
        return [*words, "--can-restore"] if can_restore else words

    return command


@pytest.fixture
def started(store: RunStore) -> Callable[[list[str]], Run]:
    """Return a function that starts a new run with the worker of a command."""

    def new(command: list[str]) -> Run:
        run = store.create(ClassifierConfig())
        start(run, command=command)
        return run

    return new


def kill(run: Run, until: Callable[[Callable[[], object]], None]) -> None:
    """Kill the run's worker, as a machine short of memory does."""
    until(lambda: run.status().pid)
    os.kill(run.status().pid, signal.SIGKILL)
    until(lambda: not run.is_locked())
