"""Read and write a run, which is a folder. Pages and workers share nothing else, so either may die.

    <home>/runs/<id>/  config.json  control.key  status.json  events.jsonl  rates.json  control.json  lock
                       worker.log
                       checkpoint/  samples/  snapshots/  answers/  bundle/  admitted/

Each file has one kind of writer: pages write ``control.json`` and ``admitted/``; the holder of ``lock``,
which is the worker while it lives, writes all others.
"""

from __future__ import annotations

import dataclasses
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.contract import config as configs
from core.contract import learning_rates
from core.contract.config import TrainingConfig
from core.errors import RunError
from core.messages import message
from core.runs.store import control as requests
from core.runs.store import files, locks
from core.runs.store.control import Control, Request
from core.runs.store.record import Record
from core.runs.store.status import Status

CONTROL_KEY = "control.key"  # the name of the file
ADMITTED = "admitted"  # the name of the folder, which has an empty file for each id of a visitor
MOST_ADMITTED = 100  # whoever opens the control link later may steer in that session only
_LOCK_TIMEOUT = 0.5  # seconds; longer than any reader holds a lock, shorter than a visitor notices


class ParkedError(RunError):
    """The run has no worker that could obey the request; it can be given one again."""


@dataclass(frozen=True)
class Run:
    """A run, identified by its folder."""

    folder: Path

    @property
    def id(self) -> str:
        """Return the id in the run's link; it cannot be guessed, so anyone who knows it may watch the run."""
        return self.folder.name

    @property
    def home(self) -> Path:
        """Return the home folder of all runs and their queue."""
        return self.folder.parent.parent

    @property
    def bundle(self) -> Path:
        """Return the folder of the trained model, which appears when it is complete."""
        return self.folder / "bundle"

    @property
    def samples(self) -> Path:
        """Return the folder of the images that events name."""
        return self.folder / "samples"

    @property
    def checkpoint(self) -> Path:
        """Return the folder of the checkpoint from which a resumed run starts."""
        return self.folder / "checkpoint"

    @property
    def log(self) -> Path:
        """Return the file of what the worker process printed."""
        return self.folder / "worker.log"

    @property
    def record(self) -> Record:
        """Return the record of the run's events."""
        return Record(self.folder)

    @property
    def config(self) -> TrainingConfig:
        """Return the configuration of the run.

        Raises:
            ConfigError: when the file is damaged or holds something invalid.
        """
        return configs.read(self.folder / "config.json")

    # the lock

    def is_locked(self) -> bool:
        """Return whether a living worker holds this run.

        Raises:
            RunError: when the lock exists but cannot be read.
        """
        try:
            return locks.is_locked(self.folder / "lock")
        except OSError as error:
            raise RunError("runs.unreadable", id=self.id, error=error.strerror or str(error)) from error

    def lock(self) -> locks.Lock:
        """Lock the run until the lock is released or the process ends.

        Raises:
            RunError: when another process holds it, or the folder cannot be written to.
        """
        with files.run_errors(self.folder):
            lock = locks.take(self.folder / "lock", _LOCK_TIMEOUT)
        if lock is None:
            raise RunError("runs.already_running")
        return lock

    def lock_new(self) -> locks.Lock:
        """Lock a run that was never started.

        Raises:
            RunError: when it was started, another process holds it, or the folder cannot be written to.
        """
        lock = self.lock()
        try:
            if self.status().state != "created":
                raise RunError("runs.started_before")
        except RunError:
            lock.release()
            raise
        return lock

    def lock_resumable(self) -> locks.Lock:
        """Lock a run that was interrupted or failed, to continue it.

        Raises:
            RunError: when it is running or has ended well, or the folder cannot be written to.
        """
        lock = self.lock()
        try:
            state = self._written_status().state
            if state == "created":
                raise RunError("runs.never_started")
            if state in ("finished", "stopped"):
                raise RunError("runs.nothing_to_resume")
        except RunError:
            lock.release()
            raise
        return lock

    # the status

    def status(self) -> Status:
        """Return the status; a run whose worker has vanished is ``interrupted``.

        Raises:
            RunError: when the status cannot be read.
        """
        for _ in range(2):  # a worker may end or start between the two questions
            status = self._written_status()
            if not status.is_live or self.is_locked():
                return status
        return dataclasses.replace(status, state="interrupted", message=message("runs.interrupted"))

    def write_status(self, **changes: Any) -> Status:
        """Change some fields of the status; only the holder of the run may do so.

        Raises:
            RunError: when the old status cannot be read or the new one cannot be written.
        """
        status = dataclasses.replace(self._written_status(), **changes)
        with files.run_errors(self.folder):
            files.replace_json(self.folder / "status.json", status.to_json())
        return status

    def _written_status(self) -> Status:
        """Return the status as last written, whether or not its worker is alive.

        Raises:
            RunError: when it cannot be read.
        """
        return Status.from_json(files.read_json(self.folder / "status.json"))

    # requests

    def request(self, control: Control) -> Control:
        """Send the worker a request, which it reads between two events; repeating a request is harmless.

        Return the request that now holds, which is an earlier one if that was a stop.

        Raises:
            RunError: when the run has ended or has no worker, or the request cannot be written.
        """
        self._must_not_be_over()
        return requests.request(self.folder, control, self._must_not_be_parked)

    def park(self, is_still_paused: Callable[[], bool], **changes: Any) -> bool:
        """Change the status to ``parked`` unless a request came meanwhile; return whether it was changed.

        Only the holder of the run may do so, and must let it go afterwards. No request is lost: it comes
        before, or is refused.

        Raises:
            RunError: when the status cannot be written.
        """
        with requests.no_requests(self.folder):
            if not is_still_paused():
                return False
            self.write_status(state="parked", **changes)
        return True

    def request_rate(self, factor: float) -> None:
        """Request learning rates of ``factor`` times the planned ones, from the next chunk of steps.

        Raises:
            RunError: when the run has ended, the factor is out of range, or the request cannot be written.
        """
        self._must_not_be_over()
        requests.request_rate(self.folder, factor)

    def clear_requests(self) -> None:
        """Clear the requests to an earlier worker, except the learning rate; only the holder may do so.

        Raises:
            RunError: when the file cannot be written.
        """
        requests.clear(self.folder)

    def requested(self) -> Request:
        """Return the latest request; one that cannot be read counts as none."""
        return requests.read(self.folder)

    def control_key(self) -> str:
        """Return the secret in the run's control link, which was written when the run was created.

        Raises:
            RunError: when it cannot be read; runs of earlier versions have none.
        """
        file = self.folder / CONTROL_KEY
        try:
            return file.read_text(encoding="ascii")
        except (OSError, ValueError) as error:
            raise RunError("runs.damaged_file", name=file.name) from error

    def has_control_key(self, text: str) -> bool:
        """Return whether a text is the secret in the run's control link. Untrusted: it comes from a link."""
        try:
            key = self.control_key().encode()
        except RunError:
            return False
        return len(key) > 0 and hmac.compare_digest(key, text.encode(errors="replace"))

    def admit(self, visitor: str) -> None:
        """Let a visitor who has the control key steer the run, also in later sessions.

        Raises:
            RunError: when this cannot be written.
        """
        with files.run_errors(self.folder):
            admitted = self.folder / ADMITTED
            admitted.mkdir(exist_ok=True)
            if len(list(admitted.iterdir())) < MOST_ADMITTED:
                (admitted / visitor).touch()

    def admits(self, visitors: Iterable[str]) -> bool:
        """Return whether one of a visitor's ids was admitted."""
        return any((self.folder / ADMITTED / visitor).is_file() for visitor in visitors if visitor)

    def _must_not_be_over(self) -> None:
        if self.status().is_over:
            raise RunError("runs.has_ended")

    def _must_not_be_parked(self) -> None:
        if self._written_status().state == "parked":
            raise ParkedError("runs.no_worker")

    def rate_changes(self) -> tuple[learning_rates.RateChange, ...]:
        """Return the changes of the learning rates; a resumed run repeats those after its checkpoint.

        Raises:
            RunError: when the file exists but cannot be read.
        """
        file = self.folder / "rates.json"
        try:
            return learning_rates.from_json(file.read_bytes())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise RunError(
                "runs.unreadable_file", name=file.name, error=error.strerror or str(error)
            ) from error

    def write_rate_changes(self, changes: learning_rates.Changes) -> None:
        """Replace the changes of the learning rates; only the holder of the run may do so.

        Raises:
            RunError: when they cannot be written.
        """
        with files.run_errors(self.folder):
            files.replace(self.folder / "rates.json", learning_rates.to_json(changes))

    def control(self) -> Control:
        """Return the latest request, without its token."""
        return self.requested().control
