"""The child process that trains a run and records what happens: ``python -m core.runs.worker FOLDER``.

It waits for its turn with nothing heavy imported; only then does it import the lab.
"""

from __future__ import annotations

import argparse
import faulthandler
import math
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from core.errors import LabError, RunError
from core.runs import cluster, files, locks, queue
from core.runs.run import Control, Run
from core.runs.status import Status
from core.training.config import TrainingConfig
from core.training.events import (
    Answers,
    Census,
    ClassifierSteps,
    EpochEnd,
    Event,
    Finished,
    GanSteps,
    Message,
    Samples,
    Snapshot,
    Started,
)

CHECKPOINT_EVERY = 30.0  # seconds; as much as a killed run loses at the most, within an epoch
STATUS_EVERY = 1.0  # seconds; a write waits some 7 ms for the disk, and charts read the events anyway
PROGRESS_EVERY = 0.25  # seconds; while data are loaded there is no training to hold up
LOOK = 0.05  # seconds between two looks at the control while paused

_NICE = 10  # the server answers its visitors first
_UNEXPECTED = "The training stopped because of an unexpected error; worker.log has the details."
_NO_MEMORY = "The training ran out of memory; choose a smaller batch, network or training set."

Progress = Callable[[str, float | None], None]


class Training(Protocol):
    """What the lab's trainings have in common, as far as a recorder is concerned."""

    step: int
    owes: bool

    def __iter__(self) -> Iterator[Event]:
        """Trains."""

    def save(self, folder: Path) -> None:
        """Writes a checkpoint."""

    def restore(self, folder: Path) -> None:
        """Goes back to a checkpoint."""

    def stop(self) -> None:
        """Asks for an end after the current chunk of steps."""


@dataclass(frozen=True)
class Lab:
    """The two things that a worker wants of the lab."""

    start: Callable[[TrainingConfig, Progress], Any]
    publish: Callable[[Any, Path], None]


def import_lab() -> Lab:
    """The lab, which takes seconds and half a gigabyte, unless ``DEEP_IMAGE_LAB_CLUSTER`` names a cluster."""
    if address := os.environ.get("DEEP_IMAGE_LAB_CLUSTER", "").strip():
        return Lab(partial(cluster.start, address), cluster.RemoteTraining.publish)
    from core.bundles.publish import publish  # noqa: PLC0415
    from core.training.train import start  # noqa: PLC0415

    return Lab(start, publish)


def main(arguments: Sequence[str] | None = None, lab: Callable[[], Lab] = import_lab) -> int:
    """The process: holds the run, waits for its turn, trains; the exit code is 0 unless the run failed."""
    asked = _parser().parse_args(arguments)
    run = Run(asked.folder.resolve())
    steering = Steering(run)
    faulthandler.enable()
    os.nice(_NICE)
    signal.signal(signal.SIGTERM, lambda *_: steering.stop())
    signal.signal(signal.SIGINT, lambda *_: steering.stop())
    try:
        lock = run.hold_new() if asked.lock is None else locks.Lock.inherited(asked.lock)
        status = _in_turn(run, steering, lab)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    lock.release()
    return 0 if status.state in ("finished", "stopped") else 1


def work(run: Run, lab: Callable[[], Lab] = import_lab, steering: Steering | None = None) -> Status:
    """Trains a run that the caller holds, from the first import to the published bundle; gives how it ended.

    Whatever goes wrong in the training is the run's failure, told in its status, and not the caller's.

    Raises:
        RunError: when even the status cannot be written.
    """
    steering = steering or Steering(run)
    again = run.status().started is not None
    run.write_status(state="starting", message="Loading the libraries.", pid=os.getpid(), started=time.time())
    try:
        end = _train(run, lab(), steering, again)
    except _StopAskedError:
        end = {"state": "stopped", "message": "Stopped before the first step."}
    except Exception as error:
        traceback.print_exc()
        end = {"state": "failed", "message": _sentence(error)}
    return run.write_status(**end, ended=time.time())


def record(training: Training, run: Run, steering: Steering | None = None) -> Finished:
    """Pulls the events of a training into the run's record, and between two of them does as it is asked.

    Pausing is not pulling. The status follows, once a second and with each change of state.

    Raises:
        RunError: when the record cannot be written, or the training ends without its last event.
    """
    steering = steering or Steering(run)
    summary, checkpoints = _Summary(run), _Checkpoints(training, run)

    def before_waiting() -> None:
        summary.write()
        checkpoints.save()

    resumed = training.step > 0
    steering.obey(training, before_waiting)
    for event in training:
        if not (resumed and isinstance(event, Started)):  # the record has it
            run.append(event)
        summary.follow(event)
        if isinstance(event, Finished):
            return event
        if (step := _lost_at(event)) is not None:
            raise _DivergedError(step)
        checkpoints.follow(event)
        steering.obey(training, before_waiting)
    raise RunError("The training ended without saying how, so there is no result.")


class Steering:
    """What is asked of a run, by its control file or by a signal, brought to its training."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stopped = False
        self._spent = ""  # token of the last "one step" that was granted

    def stop(self) -> None:
        """Asks for a stop from within the process; there is no way back."""
        self._stopped = True

    def wants_stop(self) -> bool:
        """Whether a stop was asked for, ever."""
        self._stopped = self._stopped or self._run.control() is Control.STOP
        return self._stopped

    def obey(self, training: Training, before_waiting: Callable[[], None]) -> None:
        """Returns when the next event may be pulled; tells the training to stop if that is asked."""
        if self._must_wait():
            before_waiting()
            self._wait()
        if self.wants_stop():
            training.stop()

    def _wait(self) -> None:
        before = self._run.status()
        self._run.write_status(state="paused", message=f"Paused at step {before.step:,}.")
        while self._must_wait():
            time.sleep(LOOK)
        self._run.write_status(state=before.state, message=before.message)

    def _must_wait(self) -> bool:
        if self.wants_stop():
            return False
        asked = self._run.requested()
        if asked.control is Control.STEP and asked.token != self._spent:
            self._spent = asked.token
            return False
        return asked.control in (Control.PAUSE, Control.STEP)


class _Summary:
    """The run's status, kept up with its events without writing it for each."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._pending: dict[str, Any] = {}
        self._written = 0.0

    def follow(self, event: Event) -> None:
        self._pending.update(_changes(event))
        if isinstance(event, Started | Finished) or time.monotonic() - self._written >= STATUS_EVERY:
            self.write()

    def write(self) -> None:
        self._run.write_status(**self._pending)
        self._pending.clear()
        self._written = time.monotonic()


class _Checkpoints:
    """The training's checkpoints: at the end of each epoch, before a pause, and by the clock."""

    def __init__(self, training: Training, run: Run) -> None:
        self._training = training
        self._run = run
        self._saved_step = training.step
        self._saved = time.monotonic()

    def follow(self, event: Event) -> None:
        """Saves when it is time."""
        if isinstance(event, EpochEnd) or time.monotonic() - self._saved >= CHECKPOINT_EVERY:
            self.save()

    def save(self) -> None:
        """Saves, unless nothing is new or an event of this step is still to come."""
        if self._training.owes or self._training.step == self._saved_step:
            return
        with files.in_words(self._run.folder):
            self._training.save(self._run.checkpoint)
        self._saved, self._saved_step = time.monotonic(), self._training.step


def _lost_at(event: Event) -> int | None:
    """The first step of a chunk whose loss is no finite number."""
    if isinstance(event, GanSteps):
        losses = [event.discriminator_loss, event.generator_loss]
    elif isinstance(event, ClassifierSteps):
        losses = [event.loss]
    else:
        return None
    for step, values in enumerate(zip(*losses, strict=True), event.step - len(losses[0]) + 1):
        if not all(map(math.isfinite, values)):
            return step
    return None


class _DivergedError(Exception):
    """Thrown when a loss is no finite number any more; its argument is the step."""


class _StopAskedError(Exception):
    """Thrown through the loading of data when a stop is asked for."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m core.runs.worker", description="Trains a run in its turn.")
    parser.add_argument("folder", type=Path, help="the run's folder")
    parser.add_argument("lock", type=int, nargs="?", help="the open file that is its lock, inherited")
    return parser


def _in_turn(run: Run, steering: Steering, lab: Callable[[], Lab]) -> Status:
    run.write_status(state="waiting", message="Waiting for its turn.", pid=os.getpid())
    slot = queue.wait_for_turn(run, steering.wants_stop)
    if slot is None:
        return run.write_status(state="stopped", message="Stopped before its turn came.", ended=time.time())
    try:
        return work(run, lab, steering)
    finally:
        slot.release()


def _train(run: Run, lab: Lab, steering: Steering, again: bool) -> dict[str, str]:
    """Trains and publishes; gives the state and the message in which the run ends.

    ``again``: the run had a worker before, and goes on from where its checkpoint is.
    """
    training = lab.start(run.config, _loading(run, steering))
    if again:
        if run.checkpoint.is_dir():
            training.restore(run.checkpoint)
        run.cut_back(training.step)
    try:
        finished = record(training, run, steering)
    except _DivergedError as error:
        return _rescued(training, run, lab, error.args[0])
    if finished.step > 0:  # before the first step nothing was learnt
        run.write_status(message="Writing the model.")
        _publish(training, run, lab)
    shutil.rmtree(run.checkpoint, ignore_errors=True)
    if finished.stopped:
        return {
            "state": "stopped",
            "message": f"Stopped at step {finished.step:,}; what it had learnt is kept.",
        }
    return {"state": "finished", "message": f"Finished after {finished.step:,} steps."}


def _rescued(training: Any, run: Run, lab: Lab, step: int) -> dict[str, str]:
    """Publishes the last good weights of a training whose loss was lost; gives how the run ends."""
    message = f"The loss was no finite number at step {step:,}; try again with a smaller learning rate."
    if run.checkpoint.is_dir():
        training.restore(run.checkpoint)
        _publish(training, run, lab)
        message += f" What it had learnt by step {training.step:,} is kept."
    return {"state": "failed", "message": message}


def _publish(training: Any, run: Run, lab: Lab) -> None:
    """Writes the bundle aside and moves it into place, so that nobody finds half of one."""
    aside = run.folder / "publishing" / run.bundle.name
    aside.parent.mkdir(exist_ok=True)
    with files.in_words(run.folder):
        lab.publish(training, aside)
        shutil.rmtree(run.bundle, ignore_errors=True)  # of an earlier life that ended right here
        aside.rename(run.bundle)
    with suppress(OSError):
        aside.parent.rmdir()


def _loading(run: Run, steering: Steering) -> Progress:
    """What the loading of data reports to: the record and the status, at most four times a second."""
    told = ("", 0.0)

    def progress(text: str, fraction: float | None = None) -> None:
        nonlocal told
        if steering.wants_stop():
            raise _StopAskedError
        now = time.monotonic()
        if text != told[0] or now - told[1] >= PROGRESS_EVERY:
            run.append(Message(text, fraction))
            run.write_status(message=text)
            told = (text, now)

    return progress


def _changes(event: Event) -> dict[str, Any]:
    """What an event changes in the status."""
    if isinstance(event, Message):
        return {"message": event.text}
    if isinstance(event, Started):
        return {"state": "running", "message": "Training.", "total_steps": event.total_steps}
    if isinstance(event, Samples | Answers | Census | Snapshot):
        return {"step": event.step}
    changes: dict[str, Any] = {"step": event.step, "seconds": event.seconds}
    if isinstance(event, Finished):
        changes["metrics"] = event.metrics
    return changes


def _sentence(error: Exception) -> str:
    if isinstance(error, LabError):
        return str(error)
    out_of_memory = isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
    return _NO_MEMORY if out_of_memory else _UNEXPECTED


if __name__ == "__main__":
    sys.exit(main())
