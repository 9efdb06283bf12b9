"""Pause a run while the disk is full, until there is space again; nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.errors import RunError
from core.messages import message
from core.runs.process.steering import Steering
from core.runs.store import files
from core.runs.store.files import DiskFullError
from core.runs.store.run import Run

RETRY = 2.0  # seconds between two tries
RESERVE = 256 * 1024  # bytes set aside, so that the status can be written on a full disk


class RetryingWriter:
    """Write the files of a run, and wait while the disk is full.

    A reserve file beside the run is deleted first, which leaves space to write the status.
    """

    def __init__(self, run: Run, steering: Steering) -> None:
        self._run = run
        self._steering = steering
        self._reserve: Path = run.folder / ".reserve"

    def __enter__(self) -> RetryingWriter:
        self.write(self._make_reserve)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def write(self, action: Callable[[], object]) -> None:
        """Call ``action``, repeatedly while the disk is full; the run is paused meanwhile.

        Raises:
            DiskFullError: when a stop is requested before there is space.
            DiscardedError: when the run is to be deleted.
            RunError: any other error of the action.
        """
        try:
            action()
        except DiskFullError as error:
            self._wait(action, error)

    def _wait(self, action: Callable[[], object], error: DiskFullError) -> None:
        before = self._run.status()
        self._delete_reserve()
        with suppress(RunError):  # then the page does not show it, but nothing else is lost
            waiting = message("runs.waiting_for_space", error=error)
            self._run.write_status(state="paused", message=waiting)
        while True:
            if self._steering.wants_stop():
                raise error
            time.sleep(RETRY)
            with suppress(DiskFullError):
                self._make_reserve()
                action()
                self._run.write_status(state=before.state, message=before.message)
                return
            self._delete_reserve()

    def _make_reserve(self) -> None:
        with files.run_errors(self._run.folder):
            files.replace(self._reserve, bytes(RESERVE))

    def _delete_reserve(self) -> None:
        self._reserve.unlink(missing_ok=True)
