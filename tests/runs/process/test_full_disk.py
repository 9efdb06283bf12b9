from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.contract.config import ClassifierConfig
from core.contract.events import ClassifierSteps
from core.runs import Control, Run, RunStore
from core.runs.process import full_disk
from tests.runs.fake_training import FakeTraining, trained

Until = Callable[[Callable[[], object]], None]
Fake = Callable[..., list[str]]


@pytest.fixture
def run(free_run: Run) -> Iterator[Run]:
    """Hold the lock of a run, as its worker would."""
    lock = free_run.lock()
    yield free_run
    lock.release()


@pytest.fixture
def small_home(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 1 MB; skip the test where this process may not."""
    home = tmp_path / "small"
    home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(home)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting needs root; the test with /dev/full covers the rest")
    yield home
    subprocess.run(["umount", str(home)], check=True)


def _fill(folder: Path) -> None:
    with open(folder / "filler", "wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass


def test_a_full_disk_pauses_the_run_and_damages_no_earlier_run(
    small_home: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_disk, "RETRY", 0.05)
    monkeypatch.setattr(full_disk, "RESERVE", 64 * 1024)
    store = RunStore(small_home)
    earlier, run = store.create(ClassifierConfig()), store.create(ClassifierConfig())
    lock = earlier.lock()
    trained(earlier, FakeTraining(3))
    lock.release()
    before = {path: path.read_bytes() for path in earlier.folder.rglob("*") if path.is_file()}

    lock = run.lock()
    training = FakeTraining(400, lambda pulled: pulled == 100 and _fill(small_home))
    thread = threading.Thread(target=trained, args=(run, training))
    thread.start()
    until(lambda: run.status().state == "paused")
    waiting = run.status().message
    assert (waiting.key, waiting.values["error"].key) == ("runs.waiting_for_space", "runs.disk_full")
    pulled = training.pulled
    time.sleep(0.3)
    assert training.pulled == pulled < 403
    (small_home / "filler").unlink()
    thread.join(20)
    assert run.status().state == "finished"
    recorded = [event.step for event in run.record.events()[0] if isinstance(event, ClassifierSteps)]
    assert recorded == list(range(1, 401))
    assert before == {path: path.read_bytes() for path in before}
    lock.release()


def test_a_write_that_fails_is_tried_again_until_there_is_room(
    run: Run, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_disk, "RETRY", 0.05)
    record = run.folder / "events.jsonl"
    record.symlink_to("/dev/full")
    thread = threading.Thread(target=trained, args=(run, FakeTraining(3)))
    thread.start()
    until(lambda: run.status().state == "paused")
    assert run.status().message.key == "runs.waiting_for_space"
    record.unlink()
    thread.join(20)
    assert run.status().state == "finished"
    assert len(run.record.events()[0]) == 6
    assert not (run.folder / ".reserve").exists()


def test_a_run_that_waits_for_room_fails_when_it_is_stopped(
    run: Run, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_disk, "RETRY", 0.05)
    (run.folder / "events.jsonl").symlink_to("/dev/full")
    thread = threading.Thread(target=trained, args=(run, FakeTraining(3)))
    thread.start()
    until(lambda: run.status().state == "paused")
    run.request(Control.STOP)
    thread.join(20)
    assert run.status().state == "failed"
    assert run.status().message.key == "runs.disk_full"
