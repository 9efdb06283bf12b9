"""A full disk pauses a run: it waits until somebody has made room, and loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.errors import RunError
from core.runs.process.steering import Steering
from core.runs.store import files
from core.runs.store.files import DiskFullError
from core.runs.store.run import Run

AGAIN = 2.0  # seconds between two tries
RESERVE = 256 * 1024  # bytes, kept back so that a full disk still has room for a sentence


class Patience:
    """Writes what a run has to write, and waits where the disk is full.

    A reserve beside the run is given back first, or there would be no room to say so in the status.
    """

    def __init__(self, run: Run, steering: Steering) -> None:
        self._run = run
        self._steering = steering
        self._reserve: Path = run.folder / ".reserve"

    def __enter__(self) -> Patience:
        self.write(self._keep_back)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def write(self, action: Callable[[], object]) -> None:
        """Does ``action``, again and again while the disk is full; the run is paused meanwhile.

        Raises:
            DiskFullError: when a stop is asked for before there is room.
            DiscardedError: when the run is to leave nothing behind.
            RunError: what the action raises else.
        """
        try:
            action()
        except DiskFullError as error:
            self._wait(action, error)

    def _wait(self, action: Callable[[], object], error: DiskFullError) -> None:
        before = self._run.status()
        self._give_back()
        with suppress(RunError):  # then the page does not know, but nothing else is lost
            message = f"{error} The run waits, and goes on by itself when there is room."
            self._run.write_status(state="paused", message=message)
        while True:
            if self._steering.wants_stop():
                raise error
            time.sleep(AGAIN)
            with suppress(DiskFullError):
                self._keep_back()
                action()
                self._run.write_status(state=before.state, message=before.message)
                return
            self._give_back()

    def _keep_back(self) -> None:
        with files.in_words(self._run.folder):
            files.replace(self._reserve, bytes(RESERVE))

    def _give_back(self) -> None:
        self._reserve.unlink(missing_ok=True)
