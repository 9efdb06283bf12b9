"""Create, find and delete runs below one home folder.

<home>/  runs/<id>/   a run (see run.py)
         queue/       the waiting runs (see queue.py)
         slots/       the runs that train
"""

from __future__ import annotations

import builtins
import functools
import re
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core import settings
from core.contract import config as configs
from core.contract.config import TrainingConfig
from core.drafts import draft_folder
from core.errors import RunError
from core.runs.store import files
from core.runs.store.control import Control
from core.runs.store.run import CONTROL_KEY, Run
from core.runs.store.status import Status

MAX_REMEMBERED = 100_000  # runs whose visitor a process remembers, at most some 30 MB
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


def home() -> Path:
    """Return the folder of all runs: ``DEEP_IMAGE_LAB_HOME``, else ``~/.deep-image-lab``."""
    return settings.current().home


class RunStore:
    """All runs below one home folder."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._runs = self.root / "runs"

    def create(self, config: TrainingConfig, *, name: str = "", visitor: str = "", address: str = "") -> Run:
        """Create a run without starting it, as of a visitor and a network address (a hash), if known.

        Raises:
            RunError: when the disk is full or the home folder may not be written to.
        """
        run_id = _new_id()
        status = Status(name=name, visitor=visitor, address=address, created=time.time())
        with files.run_errors(self.root):
            self._runs.mkdir(parents=True, exist_ok=True, mode=0o700)
            with draft_folder(self._runs / run_id) as draft:
                files.write_json(draft / "config.json", configs.to_dict(config))
                files.write_json(draft / "status.json", status.to_json())
                (draft / CONTROL_KEY).write_text(secrets.token_urlsafe(16), encoding="ascii")
        return Run(self._runs / run_id)

    def open(self, run_id: str) -> Run:
        """Return the run with this id.

        Raises:
            RunError: when there is none, or the id is invalid.
        """
        if not _ID.fullmatch(run_id) or not (self._runs / run_id / "config.json").is_file():
            raise RunError("runs.missing", id=run_id[:64])
        return Run(self._runs / run_id)

    def list(self) -> builtins.list[Run]:
        """Return all runs, newest first; a folder whose status cannot be read is left out."""
        return [run for run, _ in self.summaries()]

    def summaries(self) -> builtins.list[tuple[Run, Status]]:
        """Return all runs with their statuses, newest first, without those whose status cannot be read."""
        found = []
        for folder in self._runs.glob("[!.]*"):
            with suppress(RunError):
                found.append((Run(folder), Run(folder).status()))
        return sorted(found, key=lambda pair: (pair[1].created, pair[0].id), reverse=True)

    def started_by(self, owns: Callable[[str], bool]) -> builtins.list[Run]:
        """Return the runs whose visitor ``owns`` accepts, newest first, without those of unreadable status.

        Who started a run never changes, so a process reads it once: a store may hold thousands of runs.
        """
        found = []
        for folder in self._runs.glob("[!.]*"):
            with suppress(RunError):
                visitor, created = _origin(folder)
                if owns(visitor):
                    found.append((created, folder.name))
        return [Run(self._runs / run_id) for _, run_id in sorted(found, reverse=True)]

    def delete(self, run_id: str) -> None:
        """Delete a run and everything in its folder.

        Raises:
            RunError: when there is no such run, a worker holds it, or it cannot be deleted.
        """
        run = self.open(run_id)
        if run.is_locked():
            raise RunError("runs.running")
        lock = run.lock()
        try:
            remove(run)
        finally:
            lock.release()

    def discard(self, run_id: str) -> None:
        """Delete a run; if it is running, ask its worker to end it and delete it within moments.

        Raises:
            RunError: when there is no such run, or it cannot be deleted.
        """
        run = self.open(run_id)
        if run.status().is_live:
            run.request(Control.DISCARD)
        else:
            self.delete(run_id)


@functools.lru_cache(maxsize=MAX_REMEMBERED)
def _origin(folder: Path) -> tuple[str, float]:
    """Return the visitor who started a run, and when."""
    status = Run(folder).status()
    return status.visitor, status.created


def remove(run: Run) -> None:
    """Delete a run that the caller holds; meanwhile no list shows it.

    Raises:
        RunError: when it cannot be deleted.
    """
    with files.run_errors(run.home):
        shutil.rmtree(run.folder.rename(run.folder.with_name(f".deleted-{run.id}")))


def _new_id() -> str:
    while True:
        run_id = secrets.token_urlsafe(12)
        if _ID.fullmatch(run_id):  # not "-abc", which a command line would take for an option
            return run_id
