from __future__ import annotations

import os
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.contract.events import ClassifierSteps, EpochEnd, Event, Started
from core.errors import RunError
from core.messages import message
from core.runs import Control, Run
from core.runs.process import full_disk
from core.runs.process.worker import LabFunctions, work
from tests.runs.fake_training import FakeTraining, publish, steps, trained

ROOT = Path(__file__).parents[3]
Until = Callable[[Callable[[], object]], None]
Fake = Callable[..., list[str]]


@pytest.fixture
def run(free_run: Run) -> Iterator[Run]:
    """Hold the lock of a run, as its worker would."""
    lock = free_run.lock()
    yield free_run
    lock.release()


# how it ends


def test_a_finished_run_has_a_bundle_and_a_message(run: Run) -> None:
    status = trained(run, FakeTraining(3))
    assert (status.state, status.message) == ("finished", message("runs.finished", steps=3))
    assert status.started <= status.ended
    assert sorted(os.listdir(run.folder)) == [
        "bundle",
        "config.json",
        "control.key",
        "events.jsonl",
        "lock",
        "status.json",
    ]


def test_a_run_stopped_before_its_first_step_publishes_nothing(run: Run) -> None:
    run.request(Control.STOP)
    assert trained(run, FakeTraining()).state == "stopped"
    assert not run.bundle.exists()


class ResourceExhaustedError(Exception):
    """An error with the name of TensorFlow's."""


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (RunError("runs.never_started"), "runs.never_started"),
        (KeyError("x"), "runs.unexpected_error"),
        (MemoryError(), "runs.out_of_memory"),
        (ResourceExhaustedError(), "runs.out_of_memory"),
    ],
)
def test_an_error_becomes_a_failed_run_with_its_message(
    run: Run, capsys: pytest.CaptureFixture[str], error: Exception, key: str
) -> None:
    def fail(pulled: int) -> None:
        if pulled == 4:
            raise error

    status = trained(run, FakeTraining(5, fail))
    assert status.state == "failed"
    assert status.message.key == key
    assert status.ended is not None
    assert len(run.record.events()[0]) == 4
    assert type(error).__name__ in capsys.readouterr().err


def test_a_damaged_checkpoint_fails_the_resumed_run_and_keeps_its_record(run: Run) -> None:
    class Damaged(FakeTraining):
        def restore(self, folder: Path) -> None:
            raise RunError("runs.started_before")

    for event in (Started(10, 20, 5, 1, 8), steps(1), steps(2)):
        run.record.append(event)
    run.write_status(state="interrupted", started=1.0)
    run.checkpoint.mkdir()
    status = trained(run, Damaged())
    assert (status.state, status.message) == ("failed", message("runs.started_before"))
    assert [event.kind for event in run.record.events()[0]] == [
        "started",
        "classifier_steps",
        "classifier_steps",
    ]


def test_a_run_fails_when_the_lab_cannot_be_imported(run: Run) -> None:
    def broken() -> LabFunctions:
        raise ImportError("no such library")

    assert work(run, broken).state == "failed"


def test_an_incomplete_bundle_is_not_kept(run: Run) -> None:
    def cut(training: object, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "card.json").write_text("{")
        raise OSError(5, "Input/output error")

    status = work(run, lambda: LabFunctions(lambda config, progress: FakeTraining(), cut))
    assert status.state == "failed"
    assert "Input/output error" in str(status.message)
    assert not run.bundle.exists()


def test_only_the_result_of_a_training_is_alive_when_it_is_published(run: Run) -> None:
    alive: list[weakref.ref[FakeTraining]] = []

    class Large(FakeTraining):
        def result(self) -> str:
            return "the network"

    def start(config: object, progress: object) -> Large:
        training = Large()
        alive.append(weakref.ref(training))
        return training

    def publish(left: object, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        published.append((left, alive[0]()))

    published: list[tuple[object, object]] = []

    assert work(run, lambda: LabFunctions(start, publish)).state == "finished"
    assert published == [("the network", None)]


def test_publishing_is_tried_again_until_the_disk_has_room(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_disk, "RETRY", 0.01)
    tries = []

    def full_at_first(training: FakeTraining, folder: Path) -> None:
        tries.append(folder)
        publish(training, folder)
        if len(tries) < 3:
            raise OSError(28, "No space left on device")

    assert (
        work(run, lambda: LabFunctions(lambda config, progress: FakeTraining(), full_at_first)).state
        == "finished"
    )
    assert len(tries) == 3
    assert (run.bundle / "card.json").exists()


def test_a_worker_can_be_started_by_hand_but_trains_a_run_only_once(free_run: Run, fake: Fake) -> None:
    run = free_run
    command = [*fake(), str(run.folder)]
    environment = {**os.environ, "PYTHONPATH": os.fspath(ROOT)}
    assert subprocess.run(command, check=False, env=environment, capture_output=True).returncode == 0
    assert run.status().state == "finished"
    assert subprocess.run(command, check=False, env=environment, capture_output=True).returncode == 1
    assert sum(event.kind == "started" for event in run.record.events()[0]) == 1


def test_a_second_worker_for_the_same_run_ends_with_an_error(run: Run, fake: Fake) -> None:
    environment = {**os.environ, "PYTHONPATH": os.fspath(ROOT)}
    command = [*fake(), str(run.folder)]
    second = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert second.returncode == 1
    assert second.stderr == f"{message('runs.already_running')}\n"


def test_a_worker_waits_without_numpy_which_would_double_its_memory() -> None:
    script = "import sys, core.runs.process.worker; sys.exit('numpy' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.fspath(ROOT)}
    assert subprocess.run([sys.executable, "-c", script], check=False, env=environment).returncode == 0


# a loss that is not a finite number


class Diverging(FakeTraining):
    """Train one good epoch; after that the loss is not a finite number."""

    saved = 0

    def __iter__(self) -> Iterator[Event]:
        yield Started(10, 20, 5, 2, 8)
        self.step = 2
        yield steps(2)
        if self.total > 2:
            yield EpochEnd(1, 2, 0.5, 0.5, 1.0)
        self.step = 5
        yield ClassifierSteps(5, [0.5, float("nan"), float("inf")], [0.5] * 3, [0.1] * 3, 10.0, 1.0)
        raise AssertionError("training continued with a loss that is not finite")

    def save(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.saved = self.step

    def restore(self, folder: Path) -> None:
        self.step = self.saved


def test_a_loss_that_is_not_finite_ends_the_run_with_the_last_good_weights(run: Run) -> None:
    status = trained(run, Diverging(8))
    assert (status.state, run.bundle.is_dir()) == ("failed", True)
    assert status.message == message("runs.diverged_kept", step=4, kept=2)


def test_a_loss_that_is_not_finite_before_any_checkpoint_leaves_no_bundle(run: Run) -> None:
    status = trained(run, Diverging(2))
    assert (status.state, run.bundle.exists()) == ("failed", False)
    assert status.message == message("runs.diverged", step=4)
