"""Where runs are kept, and how one is made, found and deleted.

<home>/  runs/<id>/   a run (see run.py)
         queue/       whose turn it is (see queue.py)
         slots/       who trains
"""

from __future__ import annotations

import builtins
import dataclasses
import re
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from core import settings
from core.contract import config as configs
from core.contract.config import TrainingConfig
from core.drafts import draft_folder
from core.errors import RunError
from core.runs.store import files
from core.runs.store.control import Control
from core.runs.store.run import Run
from core.runs.store.status import Status

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


def home() -> Path:
    """Where runs are kept: ``DEEP_IMAGE_LAB_HOME``, else ``~/.deep-image-lab``."""
    return settings.current().home


class RunStore:
    """All runs below one home folder."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._runs = self.root / "runs"

    def create(self, config: TrainingConfig, *, name: str = "", visitor: str = "") -> Run:
        """A new run, not started yet.

        Raises:
            RunError: when the disk is full or the home folder may not be written to.
        """
        run_id = _new_id()
        status = Status(name=name, visitor=visitor, created=time.time())
        with files.in_words(self.root):
            self._runs.mkdir(parents=True, exist_ok=True, mode=0o700)
            with draft_folder(self._runs / run_id) as draft:
                files.write_json(draft / "config.json", configs.to_dict(config))
                files.write_json(draft / "status.json", dataclasses.asdict(status))
        return Run(self._runs / run_id)

    def open(self, run_id: str) -> Run:
        """The run of that id.

        Raises:
            RunError: when there is none, or the id is none that a run can have.
        """
        if not _ID.fullmatch(run_id) or not (self._runs / run_id / "config.json").is_file():
            raise RunError(f"There is no run {run_id[:64]!r}; it may have been deleted.")
        return Run(self._runs / run_id)

    def list(self) -> builtins.list[Run]:
        """All runs, newest first; a folder whose status cannot be read is left out."""
        return [run for run, _ in self.summaries()]

    def summaries(self) -> builtins.list[tuple[Run, Status]]:
        """All runs and how they stand, newest first; a folder whose status cannot be read is left out."""
        found = []
        for folder in self._runs.glob("[!.]*"):
            with suppress(RunError):
                found.append((Run(folder), Run(folder).status()))
        return sorted(found, key=lambda pair: (pair[1].created, pair[0].id), reverse=True)

    def delete(self, run_id: str) -> None:
        """Removes a run and all that it holds.

        Raises:
            RunError: when there is no such run, or a worker has it in hand, or it may not be removed.
        """
        run = self.open(run_id)
        if run.is_locked():
            raise RunError("This run is still under way; stop it before deleting it.")
        lock = run.lock()
        try:
            remove(run)
        finally:
            lock.release()

    def discard(self, run_id: str) -> None:
        """Ends a run if it is under way, and removes all that it holds; its worker does so within moments.

        Raises:
            RunError: when there is no such run, or it may not be removed.
        """
        run = self.open(run_id)
        if run.status().is_live:
            run.request(Control.DISCARD)
        else:
            self.delete(run_id)


def remove(run: Run) -> None:
    """Removes a run that the caller holds; no list shows half of it meanwhile.

    Raises:
        RunError: when it may not be removed.
    """
    with files.in_words(run.home):
        shutil.rmtree(run.folder.rename(run.folder.with_name(f".deleted-{run.id}")))


def _new_id() -> str:
    while True:
        run_id = secrets.token_urlsafe(12)
        if _ID.fullmatch(run_id):  # not "-abc", which a command line would take for an option
            return run_id
