"""A run is a folder: all that a page and a worker share, so that either may vanish and the run stands.

    <home>/runs/<id>/  config.json  status.json  events.jsonl  rates.json  control.json  lock  worker.log
                       checkpoint/  samples/  snapshots/  answers/  bundle/

Each file has one kind of writer: ``control.json`` the pages, all others the holder of ``lock``, which is the
worker for as long as it lives.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import RunError
from core.runs import control as requests
from core.runs import files, judged, locks
from core.runs.control import Control, Request
from core.runs.status import OVER, Status
from core.training import config as configs
from core.training import events as records
from core.training import rates
from core.training.config import TrainingConfig
from core.training.events import Answers, Event, Finished, Message, Samples, Snapshot

INTERRUPTED = (
    "The training process was cut off, perhaps for want of memory; what it had recorded until then is kept."
)

_PATIENCE = 0.5  # seconds; longer than any reader looks at a lock, shorter than a visitor notices

COLUMNS = 10  # of the samples' grid: a class each, as the trainings order them

Draw = Callable[[np.ndarray], bytes]  # images to the bytes of one PNG


@dataclass(frozen=True)
class Run:
    """A run, which is its folder."""

    folder: Path

    @property
    def id(self) -> str:
        """What stands in the run's link; unguessable, so that who knows it may see the run."""
        return self.folder.name

    @property
    def home(self) -> Path:
        """The folder that this run shares with the others and their queue."""
        return self.folder.parent.parent

    @property
    def bundle(self) -> Path:
        """The trained model; the folder appears when it is complete."""
        return self.folder / "bundle"

    @property
    def samples(self) -> Path:
        """The pictures that events name."""
        return self.folder / "samples"

    @property
    def snapshots(self) -> Path:
        """A GAN's generator at several steps of the training, for LiteRT."""
        return self.folder / "snapshots"

    @property
    def checkpoint(self) -> Path:
        """What a resumed run starts from."""
        return self.folder / "checkpoint"

    @property
    def log(self) -> Path:
        """What the worker process printed."""
        return self.folder / "worker.log"

    @property
    def config(self) -> TrainingConfig:
        """What the run was asked to do.

        Raises:
            ConfigError: when the file was damaged or edited into something invalid.
        """
        return configs.read(self.folder / "config.json")

    # who has it in hand

    def is_held(self) -> bool:
        """Whether a worker lives that has this run in hand.

        Raises:
            RunError: when the lock is there but cannot be looked at.
        """
        try:
            return locks.is_held(self.folder / "lock")
        except OSError as error:
            raise RunError(f"The run {self.id} cannot be read: {error.strerror or error}.") from error

    def hold(self) -> locks.Lock:
        """Takes the run in hand, until released or until the process ends.

        Raises:
            RunError: when another has it, or the folder may not be written to.
        """
        with files.in_words(self.folder):
            lock = locks.take(self.folder / "lock", _PATIENCE)
        if lock is None:
            raise RunError("This run is already under way.")
        return lock

    def hold_new(self) -> locks.Lock:
        """Takes a run in hand that was never started.

        Raises:
            RunError: when it was, or another has it, or the folder may not be written to.
        """
        lock = self.hold()
        try:
            if self.status().state != "created":
                raise RunError("This run was started before; start a new one with the same settings.")
        except RunError:
            lock.release()
            raise
        return lock

    def hold_broken(self) -> locks.Lock:
        """Takes a run in hand that was cut off or failed, to go on with it.

        Raises:
            RunError: when it is under way or has ended well, or the folder may not be written to.
        """
        lock = self.hold()
        try:
            state = self._written_status().state
            if state == "created":
                raise RunError("This run was never started, so there is nothing to resume.")
            if state in ("finished", "stopped"):
                raise RunError(f"This run is {state}; start a new one with the same settings.")
        except RunError:
            lock.release()
            raise
        return lock

    # how it stands

    def status(self) -> Status:
        """How the run stands; one whose worker has vanished is ``interrupted``.

        Raises:
            RunError: when the status cannot be read.
        """
        for _ in range(2):  # a worker may have ended, or another begun, between the reading and the question
            status = self._written_status()
            if not status.is_live or self.is_held():
                return status
        return dataclasses.replace(status, state="interrupted", message=INTERRUPTED)

    def write_status(self, **changes: Any) -> Status:
        """Changes some fields of the status; for who holds the run only.

        Raises:
            RunError: when the old status cannot be read, or the new one not written.
        """
        status = dataclasses.replace(self._written_status(), **changes)
        with files.in_words(self.folder):
            files.replace_json(self.folder / "status.json", dataclasses.asdict(status))
        return status

    def _written_status(self) -> Status:
        """The status as it was written last, whether or not its worker still lives.

        Raises:
            RunError: when it cannot be read.
        """
        values = files.read_json(self.folder / "status.json")
        known = {f.name for f in dataclasses.fields(Status)}
        return Status(**{key: value for key, value in values.items() if key in known})

    # what happened in it

    def append(self, event: Event, draw: Draw | None = None) -> None:
        """Adds an event to the record; images become a file that the line names.

        Raises:
            RunError: when the disk is full or the folder may not be written to.
        """
        with files.in_words(self.folder):
            if isinstance(event, Samples) and event.images is not None:
                picture = (draw or _grid)(event.images)
                event = dataclasses.replace(event, images=None, file=self._keep(picture, event.step))
            if isinstance(event, Answers) and event.judged is not None:
                path = judged.write(self.folder / "answers", event.split, event.step, event.judged)
                event = dataclasses.replace(event, judged=None, file=f"answers/{path.name}")
            if isinstance(event, Snapshot) and event.model is not None:
                event = dataclasses.replace(event, model=None, file=self._keep_model(event.model, event.step))
            line = json.dumps(records.to_dict(event), separators=(",", ":"))
            files.append_line(self.folder / "events.jsonl", line.encode())

    def events(self, offset: int = 0) -> tuple[list[Event], int]:
        """The events from a byte of the record on, and the byte from which to ask next time.

        A last line that is still being written, or was torn, is left for the next time. A line in the middle
        that cannot be read is skipped: a chart with a gap of a quarter second serves better than none.

        Raises:
            RunError: when the record is there but cannot be opened.
        """
        offset = max(0, offset)
        try:
            with open(self.folder / "events.jsonl", "rb") as file:
                file.seek(offset)
                content = file.read()
        except FileNotFoundError:
            return [], 0
        except OSError as error:
            raise RunError(f"The run's record cannot be read: {error.strerror or error}.") from error
        whole = content[: content.rfind(b"\n") + 1]
        found = [event for line in whole.split(b"\n") if (event := _event(line)) is not None]
        return found, offset + len(whole)

    def record_number(self) -> int:
        """Changes when the record was rewritten, so that a reader knows that its offset means nothing now."""
        try:
            return (self.folder / "events.jsonl").stat().st_ino
        except OSError:
            return 0

    def cut_back(self, step: int) -> None:
        """Drops what was recorded beyond a step, which a resumed training will tell again.

        Raises:
            RunError: when the record cannot be read or written.
        """
        record = self.folder / "events.jsonl"
        if not record.exists():
            return
        kept = []
        with files.in_words(self.folder):
            for line in record.read_bytes().split(b"\n"):
                event = _event(line)
                if getattr(event, "step", 0) > step or isinstance(event, Finished):
                    break
                if event is not None and not (step == 0 and not isinstance(event, Message)):
                    kept.append(line + b"\n")
            files.replace(record, b"".join(kept))

    def _keep(self, picture: bytes, step: int) -> str:
        self.samples.mkdir(exist_ok=True)
        path = self.samples / f"step-{step:08d}.png"
        files.replace(path, picture)
        return path.relative_to(self.folder).as_posix()

    def _keep_model(self, model: bytes, step: int) -> str:
        self.snapshots.mkdir(exist_ok=True)
        path = self.snapshots / f"step-{step:08d}.tflite"
        files.replace(path, model)
        return path.relative_to(self.folder).as_posix()

    # what is asked of it

    def request(self, control: Control) -> Control:
        """Asks the worker for something; it looks between two events. Asking twice does no harm.

        Returns what now holds: what another tab asked, where that was a stop.

        Raises:
            RunError: when the run is over, or the request cannot be written.
        """
        self._must_not_be_over()
        return requests.ask(self.folder, control)

    def request_rate(self, factor: float) -> None:
        """Asks for learning rates ``factor`` times as planned, from the next chunk of steps on.

        Raises:
            RunError: when the run is over, the factor out of range, or the request cannot be written.
        """
        self._must_not_be_over()
        requests.ask_rate(self.folder, factor)

    def forget_requests(self) -> None:
        """Takes back what was asked of an earlier life, but for the learning rate; for the run's holder only.

        Raises:
            RunError: when this cannot be written.
        """
        requests.forget(self.folder)

    def requested(self) -> Request:
        """What was asked last; a request that cannot be read counts as none."""
        return requests.read(self.folder)

    def _must_not_be_over(self) -> None:
        if (state := self.status().state) in OVER:
            raise RunError(f"This run is {state}, so there is nothing left to steer.")

    def rate_changes(self) -> tuple[rates.RateChange, ...]:
        """The changes of the learning rates, past and, in a resumed run that tells them again, to come.

        Raises:
            RunError: when they are there but cannot be read.
        """
        file = self.folder / "rates.json"
        try:
            return rates.from_json(file.read_bytes())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise RunError(f"The run's {file.name} cannot be read: {error.strerror or error}.") from error

    def write_rate_changes(self, changes: rates.Changes) -> None:
        """Puts these changes in the place of those before; for who holds the run only.

        Raises:
            RunError: when they cannot be written.
        """
        with files.in_words(self.folder):
            files.replace(self.folder / "rates.json", rates.to_json(changes))

    def control(self) -> Control:
        """What was asked last, without its token."""
        return self.requested().control


def _event(line: bytes) -> Event | None:
    try:
        return records.from_dict(json.loads(line.decode()))
    except (ValueError, RecursionError, RunError):
        return None


def _grid(images: np.ndarray) -> bytes:
    from core.images import grid  # noqa: PLC0415  # only a GAN's recorder draws

    return grid.png(grid.grid(images, columns=min(COLUMNS, len(images)), scale=2))
