from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core import host
from core.errors import RunError
from core.runs import Control, Run, position, start
from tests.refusals import raises
from tests.runs.conftest import kill

Until = Callable[[Callable[[], object]], None]
Fake = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def _one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", "1")


def test_a_run_starts_only_once_when_several_threads_start_it(run: Run, fake: Fake, until: Until) -> None:
    refusals: list[str] = []

    def ask() -> None:
        try:
            start(run, command=fake())
        except RunError as error:
            refusals.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: run.status().state == "finished")
    assert len(refusals) == 5
    assert sum(event.kind == "started" for event in run.record.events()[0]) == 1
    with raises(RunError, "runs.started_before"):
        start(run, command=fake())


def test_no_zombie_is_left(started: Callable[[list[str]], Run], fake: Fake, until: Until) -> None:
    def collected(pid: int) -> bool:
        try:
            os.kill(pid, 0)  # a zombie still answers
        except ProcessLookupError:
            return True
        return False

    finished, killed = started(fake()), started(fake(1000, 0.05))
    until(lambda: finished.status().state == "finished")
    kill(killed, until)
    until(lambda: collected(finished.status().pid) and collected(killed.status().pid))


def test_a_run_outlives_the_process_that_started_it(run: Run, fake: Fake, until: Until) -> None:
    script = (
        "import sys; from pathlib import Path; from core.runs import Run, start;"
        "start(Run(Path(sys.argv[1])), command=sys.argv[2:])"
    )
    subprocess.run([sys.executable, "-c", script, str(run.folder), *fake(1000, 0.02)], check=True)
    until(lambda: run.status().step > 1)
    run.request(Control.STOP)
    until(lambda: run.status().state == "stopped")


def test_a_worker_has_a_lower_priority_than_the_server(
    started: Callable[[list[str]], Run], fake: Fake, until: Until
) -> None:
    run = started(fake(1000, 0.05))
    until(lambda: run.status().state == "running")
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, run.status().pid) == min(19, mine + 10)
    run.request(Control.STOP)
    until(lambda: run.status().state == "stopped")


def test_a_worker_has_its_own_session_and_its_share_of_the_cores(
    run: Run, monkeypatch: pytest.MonkeyPatch, until: Until
) -> None:
    monkeypatch.setattr(host, "measured", lambda: host.Host(16e9, 6))
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", "2")
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", "data")
    script = (
        "import core, json, os, sys; print(json.dumps([os.getsid(0) == os.getpid(), sys.stdin.read(),"
        "os.environ['TF_NUM_INTRAOP_THREADS'], os.environ['TF_NUM_INTEROP_THREADS'],"
        "os.environ['DEEP_IMAGE_LAB_DATA']]))"
    )
    start(run, command=[sys.executable, "-c", script])
    until(lambda: run.log.read_text().endswith("\n"))
    assert json.loads(run.log.read_text()) == [True, "", "2", "2", str(Path("data").resolve())]


def test_a_run_is_interrupted_when_its_worker_dies_before_its_first_event(run: Run, until: Until) -> None:
    start(run, command=[sys.executable, "-c", "raise SystemExit(1)"])
    until(lambda: run.status().state == "interrupted")
    assert position(run) == 0


def test_a_run_fails_when_its_process_cannot_be_started(run: Run) -> None:
    with pytest.raises(RunError) as refused:
        start(run, command=["/nowhere/python"])
    assert refused.value.message.key == "runs.process_not_started"
    assert run.status().state == "failed"
    assert position(run) == 0
