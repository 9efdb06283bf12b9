"""Train a run in a child process and record what happens: ``python -m core.runs.process.worker FOLDER``.

It imports the lab only when its turn has come.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import math
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

from core import capacity, host, settings
from core.contract.config import TrainingConfig
from core.contract.events import Preparing
from core.drafts import draft_folder
from core.errors import LabError
from core.messages import Message, Progress, message
from core.runs.process import cluster, launch, queue, tight_memory
from core.runs.process.full_disk import RetryingWriter
from core.runs.process.recorder import DivergedError, record
from core.runs.process.steering import (
    DiscardedError,
    PausedLongError,
    PlaceLimits,
    Steering,
    StopAskedError,
)
from core.runs.store import files, locks, retention
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore, remove
from core.runs.store.status import Status

PROGRESS_EVERY = 0.25  # seconds; while data are loaded, there is no training to delay

NICE = 10  # so that the server answers visitors first


@dataclass(frozen=True)
class LabFunctions:
    """The two functions of the lab that a worker calls."""

    start: Callable[[TrainingConfig, Progress], Any]
    publish: Callable[[Any, Path], None]


def import_lab() -> LabFunctions:
    """Import the lab, in seconds and half a gigabyte, unless ``DEEP_IMAGE_LAB_CLUSTER`` names a cluster."""
    if address := settings.current().cluster:
        return LabFunctions(partial(cluster.start, address), cluster.ClusterTraining.publish)
    from core.lab.publishing.publish import publish  # noqa: PLC0415
    from core.lab.training.start import start  # noqa: PLC0415

    gc.freeze()  # the libraries' objects stay, and looking through them takes 0.3 s each time
    return LabFunctions(start, publish)


def main(arguments: Sequence[str] | None = None, lab: Callable[[], LabFunctions] = import_lab) -> int:
    """Lock the run, wait for its turn and train it; return the exit code, 0 unless the run failed."""
    asked = _parser().parse_args(arguments)
    run = Run(asked.folder.resolve())
    faulthandler.enable()
    host.lower_priority(NICE)
    try:
        lock = run.lock_new() if asked.lock is None else locks.Lock.inherited(asked.lock)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    return serve(run, lock, lab)


def serve(run: Run, lock: locks.Lock, lab: Callable[[], LabFunctions], slot: locks.Lock | None = None) -> int:
    """Train a locked run in this process, in its slot or in its turn; return the exit code.

    Afterwards delete old runs, and warm another process for the next run.
    """
    steering = Steering(run, _place_limits())
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
    return 0 if status.state in ("finished", "stopped", "parked") else 1


def work(run: Run, lab: Callable[[], LabFunctions] = import_lab, steering: Steering | None = None) -> Status:
    """Train a run that the caller holds, from the first import to the published bundle; return its end.

    Any error of the training is reported in the status of the run and not raised.

    Raises:
        RunError: when not even the status can be written.
    """
    steering = steering or Steering(run)
    steering.begin()
    again = run.status().started is not None
    loading = message("runs.loading_libraries")
    run.write_status(state="starting", message=loading, pid=os.getpid(), started=time.time())
    try:
        end = _train(run, lab(), steering, again)
    except DiscardedError:
        return _discarded(run)
    except PausedLongError:
        return run.status()
    except StopAskedError:
        end = {"state": "stopped", "message": message("runs.stopped_early")}
    except Exception as error:
        traceback.print_exc()
        end = {"state": "failed", "message": _failure(error)}
    return run.write_status(**end, held=steering.held, ended=time.time())


def _place_limits() -> PlaceLimits:
    """Return how long a run may keep its place; 0 in the settings means for ever."""
    pause, whole = settings.current().pause_minutes, capacity.current().run_minutes
    return PlaceLimits(60 * pause or math.inf, 60 * whole or math.inf)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m core.runs.process.worker", description="Train a run in its turn."
    )
    parser.add_argument("folder", type=Path, help="the run's folder")
    parser.add_argument("lock", type=int, nargs="?", help="the inherited open file of its lock")
    return parser


def _in_turn(
    run: Run, steering: Steering, lab: Callable[[], LabFunctions], slot: locks.Lock | None
) -> Status:
    run.write_status(state="waiting", message=message("runs.waiting"), pid=os.getpid())
    try:
        slot = slot or queue.wait_for_turn(run, steering.gives_up)
        if slot is None:
            return _stopped_waiting(run)
        with tight_memory.without_experiments(run, steering.gives_up) as free:
            return work(run, lab, steering) if free else _stopped_waiting(run)
    except DiscardedError:
        return _discarded(run)
    finally:
        if slot is not None:
            slot.release()


def _stopped_waiting(run: Run) -> Status:
    if run.checkpoint.is_dir():
        return run.status()  # ended by a signal: it counts as interrupted and can be resumed
    return run.write_status(state="stopped", message=message("runs.stopped_waiting"), ended=time.time())


def _train(run: Run, lab: LabFunctions, steering: Steering, again: bool) -> dict[str, Any]:
    """Train and publish; return the state and the message with which the run ends.

    ``again``: the run had a worker before, and continues from its checkpoint.
    """
    training = lab.start(run.config, _loading(run, steering))
    if again:
        if run.checkpoint.is_dir():
            training.restore(run.checkpoint)
        run.record.cut_back(training.step)
    with RetryingWriter(run, steering) as writer:
        try:
            finished = record(training, run, steering, writer)
        except DivergedError as error:
            return _rescued(training, run, lab, error.args[0])
        if finished.step > 0:  # before the first step there is no model
            run.write_status(message=message("runs.writing_model"))
            training = training.result()  # nothing else keeps the images and graphs of its steps any more
            writer.write(partial(_publish, training, run, lab))
    if finished.stopped and steering.out_of_time and not steering.wants_stop():
        minutes = capacity.current().run_minutes
        told = message("runs.out_of_time", steps=finished.step, minutes=minutes)
        return {"state": "finished", "message": told}  # the checkpoint is kept, too
    shutil.rmtree(run.checkpoint, ignore_errors=True)
    if finished.stopped:
        return {"state": "stopped", "message": message("runs.stopped", step=finished.step)}
    if finished.reason:
        early = message("runs.finished_early", steps=finished.step, reason=finished.reason)
        return {"state": "finished", "message": early}
    return {"state": "finished", "message": message("runs.finished", steps=finished.step)}


def _discarded(run: Run) -> Status:
    """Delete the run, as requested."""
    remove(run)
    return Status(state="stopped", message=message("runs.discarded"))


def _rescued(training: Any, run: Run, lab: LabFunctions, step: int) -> dict[str, Any]:
    """Publish the last good weights of a training that diverged; return how the run ends."""
    told = message("runs.diverged", step=step)
    if run.checkpoint.is_dir():
        training.restore(run.checkpoint)
        _publish(training, run, lab)
        told = message("runs.diverged_kept", step=step, kept=training.step)
    return {"state": "failed", "message": told}


def _publish(training: Any, run: Run, lab: LabFunctions) -> None:
    """Write the bundle; nobody ever finds half of one."""
    with files.run_errors(run.folder), draft_folder(run.bundle) as draft:
        lab.publish(training, draft)


def _loading(run: Run, steering: Steering) -> Progress:
    """Return a function that reports the loading of data in record and status, at most 4 times a second."""
    last: tuple[Message | None, float] = (None, 0.0)

    def progress(told: Message, share: float | None = None) -> None:
        nonlocal last
        if steering.gives_up():
            raise StopAskedError
        now = time.monotonic()
        if told != last[0] or now - last[1] >= PROGRESS_EVERY:
            run.record.append(Preparing(told, share))
            run.write_status(message=told)
            last = (told, now)

    return progress


def _failure(error: Exception) -> Message:
    if isinstance(error, LabError):
        return error.message
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's
        return message("runs.out_of_memory")
    return message("runs.unexpected_error")


if __name__ == "__main__":
    sys.exit(main())
