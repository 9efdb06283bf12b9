"""Keep the record of a run: one line per event, and the files that events name.

    <run>/  events.jsonl  samples/  snapshots/  answers/

The holder of the run appends to it; others may read at the same time.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.contract import events as records
from core.contract.events import Answers, Event, Finished, Preparing, Samples, Snapshot
from core.errors import RunError
from core.runs.store import files

if TYPE_CHECKING:  # a waiting worker needs no NumPy
    import numpy as np

SHOWN_SIDE = 64  # pixels of a drawn image in the grid, about

Draw = Callable[["np.ndarray", int], bytes]  # turns images and a number of columns into the bytes of one PNG


@dataclass(frozen=True)
class Record:
    """The record of the run in a folder."""

    folder: Path

    @property
    def file(self) -> Path:
        """Return the file of the lines."""
        return self.folder / "events.jsonl"

    def append(self, event: Event, draw: Draw | None = None) -> None:
        """Append an event; its images go into a file that the line names.

        Raises:
            RunError: when the disk is full or the folder may not be written to.
        """
        with files.run_errors(self.folder):
            if isinstance(event, Samples) and event.images is not None:
                picture = (draw or _grid)(event.images, event.columns)
                name = self._keep(picture, f"samples/step-{event.step:08d}.png")
                event = dataclasses.replace(event, images=None, file=name)
            if isinstance(event, Answers) and event.images is not None:
                from core.runs.store import classified_images  # noqa: PLC0415 (imports NumPy)

                path = classified_images.write(self.folder / "answers", event.split, event.step, event.images)
                event = dataclasses.replace(event, images=None, file=f"answers/{path.name}")
            if isinstance(event, Snapshot) and event.model is not None:
                name = self._keep(event.model, f"snapshots/step-{event.step:08d}.tflite")
                event = dataclasses.replace(event, model=None, file=name)
            line = json.dumps(records.to_dict(event), separators=(",", ":"))
            files.append_line(self.file, line.encode())

    def events(self, offset: int = 0) -> tuple[list[Event], int]:
        """Return the events from a byte of the record onwards, and the byte to continue from next time.

        An incomplete last line is left for the next time. An unreadable line in the middle is skipped: a
        chart with a gap of a quarter second is better than none.

        Raises:
            RunError: when the record exists but cannot be opened.
        """
        offset = max(0, offset)
        try:
            with open(self.file, "rb") as file:
                file.seek(offset)
                content = file.read()
        except FileNotFoundError:
            return [], 0
        except OSError as error:
            raise RunError("runs.unreadable_record", error=error.strerror or str(error)) from error
        whole = content[: content.rfind(b"\n") + 1]
        found = [event for line in whole.split(b"\n") if (event := _event(line)) is not None]
        return found, offset + len(whole)

    def number(self) -> int:
        """Return a number that changes when the record was rewritten and earlier offsets are invalid."""
        try:
            return self.file.stat().st_ino
        except OSError:
            return 0

    def cut_back(self, step: int) -> None:
        """Drop the events beyond a step, which a resumed training will repeat.

        Raises:
            RunError: when the record cannot be read or written.
        """
        if not self.file.exists():
            return
        kept = []
        with files.run_errors(self.folder):
            for line in self.file.read_bytes().split(b"\n"):
                event = _event(line)
                if getattr(event, "step", 0) > step or isinstance(event, Finished):
                    break
                if event is not None and not (step == 0 and not isinstance(event, Preparing)):
                    kept.append(line + b"\n")
            files.replace(self.file, b"".join(kept))

    def _keep(self, content: bytes, name: str) -> str:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        files.replace(path, content)
        return name


def _event(line: bytes) -> Event | None:
    try:
        return records.from_dict(json.loads(line.decode()))
    except (ValueError, RecursionError, RunError):
        return None


def _grid(images: np.ndarray, columns: int) -> bytes:
    from core.images.encode import png  # noqa: PLC0415  # only a GAN's recorder draws
    from core.images.grid import grid  # noqa: PLC0415

    scale = max(1, SHOWN_SIDE // images.shape[1])
    return png(grid(images, columns=min(columns, len(images)), scale=scale))
