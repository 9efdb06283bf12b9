"""Prepare visitors' pictures in a child process.

Decoders are C code that reads untrusted bytes and takes some 150 MB for a large photograph. The system gets
this memory back when the child ends, and a crash ends only the child.
"""

from __future__ import annotations

import io
import sys
import threading
from contextlib import suppress

from PIL import Image

from core import allocator
from core.errors import ExperimentError, ImageError
from core.images.memory import MAX_MEMORY
from core.inference.decoding_limits import limited
from core.inference.picture_reading import Prepared, prepare
from core.messages import Progress
from core.subprocesses import ChildProcess, ProcessLimit

PATIENCE = 10.0  # seconds for a picture; the slowest accepted one takes two
LIFE = 200  # pictures until the child is replaced, which frees any memory that it kept
IDLE = 120  # seconds without a picture until it ends
LARGE = 4 * 2**20  # bytes; the many arrays of a drawing are smaller: returning them took 50 % more time
PART = 2**20  # bytes sent at once; a message is copied to be sent, and a file may have 32 MB

_WORKER = (sys.executable, "-m", "core.subprocesses.child", "--idle", str(IDLE))


class PictureReader:
    """Prepare one picture after another, inside the child."""

    def __init__(self, progress: Progress) -> None:
        allocator.return_freed_memory(LARGE)
        prepare(_example(), "example.png")  # starts the libraries' threads, whose stacks are not a picture's
        self._parts: list[bytes] = []

    def take(self, part: bytes) -> None:
        """Receive the next bytes of the file to prepare."""
        self._parts.append(part)

    def prepare(self, name: str) -> Prepared | ImageError:
        """Return the prepared picture, or the error that says why it cannot be read."""
        data = b"".join(self._parts)
        self._parts.clear()
        try:
            with limited(data):
                return prepare(data, name)
        except ImageError as error:
            return error
        except MemoryError:
            return ImageError("images.too_much_memory", name=name, most=MAX_MEMORY >> 20)


class DecodingProcess:
    """The server's handle of one child for all visitors, who are served in turn; safe for threads."""

    def __init__(self, name: str = "decoding", command: tuple[str, ...] = _WORKER) -> None:
        self._name, self._command = name, command
        self._limit = ProcessLimit(1)
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._done = 0

    def start(self) -> None:
        """Start the child if there is none, without waiting for it or for another visitor's picture.

        A failure to start is reported when a picture is prepared.
        """
        if not self._lock.acquire(blocking=False):
            return  # another thread is using the child, so it has started
        try:
            with suppress(ExperimentError):
                self._started()
        finally:
            self._lock.release()

    def prepare(self, data: bytes, name: str) -> Prepared:
        """Return what ``core.inference.picture_reading.prepare`` would, from the child.

        Raises:
            ImageError: when the bytes are no picture that can be read.
        """
        with self._lock:
            prepared = self._asked(data, name) or self._asked(data, name)  # it may have ended just now
        if prepared is None:
            raise ImageError("inference.decoding_failed", name=name)
        if isinstance(prepared, ImageError):
            raise prepared
        return prepared

    def close(self) -> None:
        """End the child; the next picture starts another."""
        with self._lock:
            if self._child is not None:
                self._child.close()

    def _asked(self, data: bytes, name: str) -> Prepared | ImageError | None:
        """Return the child's answer; None if it died or did not answer in time."""
        try:
            child = self._started()
            self._done += 1
            for start in range(0, len(data), PART):
                child.ask("take", timeout=PATIENCE, part=data[start : start + PART])
            answer: Prepared | ImageError = child.ask("prepare", timeout=PATIENCE, name=name)
            return answer
        except ExperimentError:
            if self._child is not None:
                self._child.close()
            return None

    def _started(self) -> ChildProcess:
        if self._child is not None and self._done >= LIFE:
            self._child.close()
        if self._child is None or not self._child.alive:
            self._child, self._done = ChildProcess(self._name, limit=self._limit, command=self._command), 0
        return self._child


def _example() -> bytes:
    """Return a picture with one stroke as a PNG file."""
    sheet = Image.new("L", (600, 400), 255)
    sheet.paste(0, (280, 100, 320, 300))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()
