from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.contract.config import ClassifierConfig
from core.errors import SettingsError
from core.runs import Run, RunStore, start
from core.runs.process import launch, queue, warm_start
from core.runs.store import locks
from tests.refusals import raises

Until = Callable[..., None]
COMMAND = [sys.executable, str(Path(__file__).with_name("fake_warm_worker.py")), "3", "0.01"]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", "1")
    monkeypatch.setenv("DEEP_IMAGE_LAB_WARM", "1")
    monkeypatch.setattr(warm_start, "ANSWER", 20.0)  # on a busy machine


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """Return a list that collects the runs to be started in a new process, and start none."""
    started: list[Run] = []
    monkeypatch.setattr(launch, "spawn", lambda run, lock, command: started.append(run))
    return started


@pytest.fixture
def warmed(store: RunStore, until: Until) -> Iterator[int]:
    """Start a warm worker and yield the id of its process once it listens."""
    assert warm_start.prepare(store.root, launch.environment(), command=COMMAND)
    until(lambda: list((store.root / "warm").glob("[!.]*[!k]")))
    pid = _warm_processes(store.root)[0]
    yield pid
    for left in _warm_processes(store.root):
        os.kill(left, signal.SIGKILL)


def _warm_processes(home: Path) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{home}/warm/".encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_run_is_served_by_the_warm_worker_which_then_ends(
    store: RunStore, run: Run, warmed: int, cold: list[Run], until: Until
) -> None:
    start(run)
    until(lambda: run.status().state == "finished")
    assert run.status().pid == warmed
    assert "The lab is imported." not in run.log.read_text()
    until(lambda: not run.is_locked() and not _warm_processes(store.root))
    assert cold == []
    assert not locks.is_locked(store.root / "slots" / "0.lock")
    assert queue.position(run) == 0


def test_the_run_and_its_slot_stay_locked_while_the_warm_worker_takes_them(
    store: RunStore, run: Run, warmed: int, cold: list[Run], until: Until
) -> None:
    start(run)
    assert run.is_locked()
    assert locks.is_locked(store.root / "slots" / "0.lock")
    assert run.status().is_live
    until(lambda: run.status().state == "finished")


def test_several_servers_share_one_warm_worker(store: RunStore, warmed: int) -> None:
    assert not warm_start.prepare(store.root, launch.environment(), command=COMMAND)
    assert _warm_processes(store.root) == [warmed]


def test_a_run_in_another_environment_does_not_use_the_warm_worker(
    store: RunStore, run: Run, warmed: int, cold: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", "/elsewhere")
    start(run)
    assert cold == [run]


def test_a_run_that_must_wait_starts_cold_and_keeps_the_warm_worker(
    store: RunStore, run: Run, warmed: int, cold: list[Run]
) -> None:
    (store.root / "slots").mkdir(parents=True)
    taken = locks.take(store.root / "slots" / "0.lock")
    assert taken is not None
    start(run)
    assert cold == [run]
    assert _warm_processes(store.root) == [warmed]
    taken.release()


def test_a_run_starts_cold_when_the_warm_worker_is_missing_or_dead(
    store: RunStore, warmed: int, cold: list[Run], until: Until
) -> None:
    os.kill(warmed, signal.SIGKILL)
    until(lambda: not _warm_processes(store.root))
    runs = [store.create(ClassifierConfig()) for _ in range(2)]
    start(runs[0])  # the dead worker's socket is still there
    for socket in (store.root / "warm").glob("[!.]*[!k]"):
        socket.unlink()
    start(runs[1])
    assert cold == runs
    assert not locks.is_locked(store.root / "slots" / "0.lock")


def test_a_warm_worker_that_answers_too_late_does_not_start_the_run(
    store: RunStore, run: Run, warmed: int, cold: list[Run], until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm_start, "ANSWER", 0.1)
    os.kill(warmed, signal.SIGSTOP)
    start(run)
    assert cold == [run]
    os.kill(warmed, signal.SIGCONT)
    until(lambda: not run.is_locked())  # the worker has released the lock it was offered
    assert _warm_processes(store.root) == [warmed]
    assert run.record.events()[0] == []

    other = store.create(ClassifierConfig())
    monkeypatch.setattr(warm_start, "ANSWER", 5.0)
    start(other)
    until(lambda: other.status().state == "finished")


def test_an_unused_warm_worker_ends_after_its_time(
    store: RunStore, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WARM", "0.005")
    assert warm_start.prepare(store.root, launch.environment(), command=COMMAND)
    until(lambda: not _warm_processes(store.root))
    assert [path.suffix for path in (store.root / "warm").iterdir()] == [".lock"]


def test_no_warm_worker_starts_when_disabled_or_when_a_cluster_trains(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_CLUSTER", "localhost:6379")
    launch.warm_up(store.root)
    monkeypatch.delenv("DEEP_IMAGE_LAB_CLUSTER")
    monkeypatch.setenv("DEEP_IMAGE_LAB_WARM", "0")
    launch.warm_up(store.root)
    assert not (store.root / "warm").exists()


def test_the_code_is_not_searched_each_time_that_train_looks_for_the_warm_worker(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[Path] = []
    monkeypatch.setattr(Path, "rglob", lambda folder, _: searched.append(folder) or [Path(__file__)])
    monkeypatch.setattr(warm_start, "CODE_SECONDS", 1e9)  # for which one search is enough
    for _ in range(3):
        warm_start.prepare(store.root, launch.environment(), command=["/no/such/program"])
    assert len(searched) == 1


@pytest.mark.parametrize("text", ["-1", "soon", "nan", "1e9"])
def test_an_invalid_number_of_minutes_is_refused_in_one_sentence(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WARM", text)
    with raises(SettingsError, "settings.number", name="DEEP_IMAGE_LAB_WARM", low=0, high=1440):
        launch.warm_up(store.root)
