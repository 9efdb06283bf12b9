"""A run is a folder: all that a page and a worker share, so that either may vanish and the run stands.

    <home>/runs/<id>/  config.json  status.json  events.jsonl  rates.json  control.json  lock  worker.log
                       checkpoint/  samples/  snapshots/  answers/  bundle/

Each file has one kind of writer: ``control.json`` the pages, all others the holder of ``lock``, which is the
worker for as long as it lives.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.contract import config as configs
from core.contract import learning_rates
from core.contract.config import TrainingConfig
from core.errors import RunError
from core.runs.store import control as requests
from core.runs.store import files, locks
from core.runs.store.control import Control, Request
from core.runs.store.record import Record
from core.runs.store.status import OVER, Status

INTERRUPTED = (
    "The training process was cut off, perhaps for want of memory; what it had recorded until then is kept."
)

_PATIENCE = 0.5  # seconds; longer than any reader looks at a lock, shorter than a visitor notices


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
    def checkpoint(self) -> Path:
        """What a resumed run starts from."""
        return self.folder / "checkpoint"

    @property
    def log(self) -> Path:
        """What the worker process printed."""
        return self.folder / "worker.log"

    @property
    def record(self) -> Record:
        """What happened in it."""
        return Record(self.folder)

    @property
    def config(self) -> TrainingConfig:
        """What the run was asked to do.

        Raises:
            ConfigError: when the file was damaged or edited into something invalid.
        """
        return configs.read(self.folder / "config.json")

    # who has it in hand

    def is_locked(self) -> bool:
        """Whether a worker lives that has this run in hand.

        Raises:
            RunError: when the lock is there but cannot be looked at.
        """
        try:
            return locks.is_locked(self.folder / "lock")
        except OSError as error:
            raise RunError(f"The run {self.id} cannot be read: {error.strerror or error}.") from error

    def lock(self) -> locks.Lock:
        """Takes the run in hand, until released or until the process ends.

        Raises:
            RunError: when another has it, or the folder may not be written to.
        """
        with files.in_words(self.folder):
            lock = locks.take(self.folder / "lock", _PATIENCE)
        if lock is None:
            raise RunError("This run is already under way.")
        return lock

    def lock_new(self) -> locks.Lock:
        """Takes a run in hand that was never started.

        Raises:
            RunError: when it was, or another has it, or the folder may not be written to.
        """
        lock = self.lock()
        try:
            if self.status().state != "created":
                raise RunError("This run was started before; start a new one with the same settings.")
        except RunError:
            lock.release()
            raise
        return lock

    def lock_resumable(self) -> locks.Lock:
        """Takes a run in hand that was cut off or failed, to go on with it.

        Raises:
            RunError: when it is under way or has ended well, or the folder may not be written to.
        """
        lock = self.lock()
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
            if not status.is_live or self.is_locked():
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

    def clear_requests(self) -> None:
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

    def rate_changes(self) -> tuple[learning_rates.RateChange, ...]:
        """The changes of the learning rates, past and, in a resumed run that tells them again, to come.

        Raises:
            RunError: when they are there but cannot be read.
        """
        file = self.folder / "rates.json"
        try:
            return learning_rates.from_json(file.read_bytes())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise RunError(f"The run's {file.name} cannot be read: {error.strerror or error}.") from error

    def write_rate_changes(self, changes: learning_rates.Changes) -> None:
        """Puts these changes in the place of those before; for who holds the run only.

        Raises:
            RunError: when they cannot be written.
        """
        with files.in_words(self.folder):
            files.replace(self.folder / "rates.json", learning_rates.to_json(changes))

    def control(self) -> Control:
        """What was asked last, without its token."""
        return self.requested().control
