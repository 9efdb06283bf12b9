"""Train a run in a child process and record what happens: ``python -m core.runs.process.worker FOLDER``.

It waits for its turn with nothing heavy imported; only then does it import the lab.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from core import settings
from core.contract.config import TrainingConfig
from core.contract.events import Preparing
from core.drafts import draft_folder
from core.errors import LabError
from core.messages import Message, Progress
from core.runs.process import cluster, launch, queue
from core.runs.process.full_disk import Patience
from core.runs.process.recorder import DivergedError, record
from core.runs.process.steering import DiscardedError, Steering, StopAskedError
from core.runs.store import files, locks, retention
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore, remove
from core.runs.store.status import Status

PROGRESS_EVERY = 0.25  # seconds; while data are loaded there is no training to hold up

NICE = 10  # the server answers its visitors first
_UNEXPECTED = "The training stopped because of an unexpected error; worker.log has the details."
_NO_MEMORY = "The training ran out of memory; choose a smaller batch, network or training set."


@dataclass(frozen=True)
class LabFunctions:
    """The two things that a worker wants of the lab."""

    start: Callable[[TrainingConfig, Progress], Any]
    publish: Callable[[Any, Path], None]


def import_lab() -> LabFunctions:
    """The lab, which takes seconds and half a gigabyte, unless ``DEEP_IMAGE_LAB_CLUSTER`` names a cluster."""
    if address := settings.current().cluster:
        return LabFunctions(partial(cluster.start, address), cluster.ClusterTraining.publish)
    from core.lab.publishing.publish import publish  # noqa: PLC0415
    from core.lab.training.start import start  # noqa: PLC0415

    return LabFunctions(start, publish)


def main(arguments: Sequence[str] | None = None, lab: Callable[[], LabFunctions] = import_lab) -> int:
    """The process: holds the run, waits for its turn, trains; the exit code is 0 unless the run failed."""
    asked = _parser().parse_args(arguments)
    run = Run(asked.folder.resolve())
    faulthandler.enable()
    os.nice(NICE)
    try:
        lock = run.lock_new() if asked.lock is None else locks.Lock.inherited(asked.lock)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    return serve(run, lock, lab)


def serve(run: Run, lock: locks.Lock, lab: Callable[[], LabFunctions], slot: locks.Lock | None = None) -> int:
    """Trains a held run in a process of its own, in its slot or in its turn; gives the exit code.

    Then old runs are swept away, and another process is warmed for the next run.
    """
    steering = Steering(run)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: steering.stop())
    try:
        status = _in_turn(run, steering, lab, slot)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    lock.release()
    with suppress(LabError):
        retention.sweep(RunStore(run.home))
    with suppress(LabError):
        launch.warm_up(run.home)
    return 0 if status.state in ("finished", "stopped") else 1


def work(run: Run, lab: Callable[[], LabFunctions] = import_lab, steering: Steering | None = None) -> Status:
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
    except DiscardedError:
        return _discarded(run)
    except StopAskedError:
        end = {"state": "stopped", "message": "Stopped before the first step."}
    except Exception as error:
        traceback.print_exc()
        end = {"state": "failed", "message": _sentence(error)}
    return run.write_status(**end, ended=time.time())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m core.runs.process.worker", description="Trains a run in its turn."
    )
    parser.add_argument("folder", type=Path, help="the run's folder")
    parser.add_argument("lock", type=int, nargs="?", help="the open file that is its lock, inherited")
    return parser


def _in_turn(
    run: Run, steering: Steering, lab: Callable[[], LabFunctions], slot: locks.Lock | None
) -> Status:
    run.write_status(state="waiting", message="Waiting for its turn.", pid=os.getpid())
    try:
        slot = slot or queue.wait_for_turn(run, steering.wants_stop)
    except DiscardedError:
        return _discarded(run)
    if slot is None:
        return run.write_status(state="stopped", message="Stopped before its turn came.", ended=time.time())
    try:
        return work(run, lab, steering)
    finally:
        slot.release()


def _train(run: Run, lab: LabFunctions, steering: Steering, again: bool) -> dict[str, str]:
    """Trains and publishes; gives the state and the message in which the run ends.

    ``again``: the run had a worker before, and goes on from where its checkpoint is.
    """
    training = lab.start(run.config, _loading(run, steering))
    if again:
        if run.checkpoint.is_dir():
            training.restore(run.checkpoint)
        run.record.cut_back(training.step)
    with Patience(run, steering) as patience:
        try:
            finished = record(training, run, steering, patience)
        except DivergedError as error:
            return _rescued(training, run, lab, error.args[0])
        if finished.step > 0:  # before the first step nothing was learnt
            run.write_status(message="Writing the model.")
            patience.write(partial(_publish, training, run, lab))
    shutil.rmtree(run.checkpoint, ignore_errors=True)
    if finished.stopped:
        return {
            "state": "stopped",
            "message": f"Stopped at step {finished.step:,}; what it had learnt is kept.",
        }
    why = f" {finished.reason}" if finished.reason else ""
    return {"state": "finished", "message": f"Finished after {finished.step:,} steps.{why}"}


def _discarded(run: Run) -> Status:
    """Removes the run, as was asked."""
    remove(run)
    return Status(state="stopped", message="Discarded.")


def _rescued(training: Any, run: Run, lab: LabFunctions, step: int) -> dict[str, str]:
    """Publishes the last good weights of a training whose loss was lost; gives how the run ends."""
    message = f"The loss was no finite number at step {step:,}; try again with a smaller learning rate."
    if run.checkpoint.is_dir():
        training.restore(run.checkpoint)
        _publish(training, run, lab)
        message += f" What it had learnt by step {training.step:,} is kept."
    return {"state": "failed", "message": message}


def _publish(training: Any, run: Run, lab: LabFunctions) -> None:
    """Write the bundle; nobody ever finds half of one."""
    with files.in_words(run.folder), draft_folder(run.bundle) as draft:
        lab.publish(training, draft)


def _loading(run: Run, steering: Steering) -> Progress:
    """What the loading of data reports to: the record and the status, at most four times a second."""
    told: tuple[Message | None, float] = (None, 0.0)

    def progress(told_now: Message, fraction: float | None = None) -> None:
        nonlocal told
        if steering.wants_stop():
            raise StopAskedError
        now = time.monotonic()
        if told_now != told[0] or now - told[1] >= PROGRESS_EVERY:
            run.record.append(Preparing(told_now, fraction))
            run.write_status(message=str(told_now))
            told = (told_now, now)

    return progress


def _sentence(error: Exception) -> str:
    if isinstance(error, LabError):
        return str(error)
    out_of_memory = isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
    return _NO_MEMORY if out_of_memory else _UNEXPECTED


if __name__ == "__main__":
    sys.exit(main())
