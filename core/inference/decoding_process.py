"""Pictures that strangers bring, prepared in a child process.

Decoders are C code fed with strangers' bytes, and take some 150 MB for a large photograph. What they take
goes back to the system with the child, and what makes one crash ends the child alone.
"""

from __future__ import annotations

import sys
import threading
from contextlib import suppress

from core import allocator
from core.errors import ExperimentError, ImageError
from core.inference.picture_reading import Prepared, prepare
from core.messages import Progress
from core.subprocesses import ChildProcess, ProcessLimit

PATIENCE = 10.0  # seconds for a picture; the slowest that is let in takes two
LIFE = 200  # pictures until the child is replaced, whatever it may have kept by then
IDLE = 120  # seconds without a picture until it ends
LARGE = 4 * 2**20  # bytes; a drawing's many arrays are smaller, and took half as long again to be had anew
PART = 2**20  # bytes sent at once; a message is copied to be sent, and a file may have 32 MB

_WORKER = (sys.executable, "-m", "core.subprocesses.child", "--idle", str(IDLE))


class PictureReader:
    """The child's side."""

    def __init__(self, progress: Progress) -> None:
        allocator.return_freed_memory(LARGE)
        self._parts: list[bytes] = []

    def take(self, part: bytes) -> None:
        """The next bytes of the file that is to be prepared."""
        self._parts.append(part)

    def prepare(self, name: str) -> Prepared | str:
        """The prepared picture, or the sentence that says why there is none."""
        data = b"".join(self._parts)
        self._parts.clear()
        try:
            return prepare(data, name)
        except ImageError as error:
            return str(error)


class DecodingProcess:
    """The server's side: one child for all visitors, who are served in turn; safe for threads."""

    def __init__(self, name: str = "decoding", command: tuple[str, ...] = _WORKER) -> None:
        self._name, self._command = name, command
        self._limit = ProcessLimit(1)
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._done = 0

    def start(self) -> None:
        """Starts the child if there is none, without waiting for it, nor for another visitor's picture.

        Where no process can be started, it is the picture that will be told of it.
        """
        if not self._lock.acquire(blocking=False):
            return  # somebody is using the child, so it is there
        try:
            with suppress(ExperimentError):
                self._started()
        finally:
            self._lock.release()

    def prepare(self, data: bytes, name: str) -> Prepared:
        """As ``core.inference.picture_reading.prepare``, from which no answer differs.

        Raises:
            ImageError: when the bytes are no picture that can be read.
        """
        with self._lock:
            prepared = self._asked(data, name) or self._asked(data, name)  # it may have ended just now
        if prepared is None:
            raise ImageError(f"{name} could not be read; save it as PNG or JPEG and try again.")
        if isinstance(prepared, str):
            raise ImageError(prepared)
        return prepared

    def close(self) -> None:
        """Ends the child; the next picture starts another."""
        with self._lock:
            if self._child is not None:
                self._child.close()

    def _asked(self, data: bytes, name: str) -> Prepared | str | None:
        """The child's answer; None where it died, or never gave one."""
        try:
            child = self._started()
            self._done += 1
            for start in range(0, len(data), PART):
                child.ask("take", timeout=PATIENCE, part=data[start : start + PART])
            answer: Prepared | str = child.ask("prepare", timeout=PATIENCE, name=name)
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
