"""Limit the memory and the processor time of the process that decodes visitors' pictures.

A picture's header says how much memory it needs, and what needs too much is refused before it is decoded
(``core.images.memory``). These limits of the operating system hold besides, for files whose headers lie.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.images.memory import MAX_MEMORY, MIB

if sys.platform == "linux":
    import resource

SECONDS = 10  # of processor time for a picture; the slowest that is accepted takes 3
SPACE = MAX_MEMORY + 15 * MIB  # address space for a picture
WEBP_SPACE = 420 * MIB  # Pillow reserves two canvases besides, and does not use them

_STATM = Path("/proc/self/statm")


@contextmanager
def limited(data: bytes) -> Iterator[None]:
    """Let the body take little more address space and processor time than now, on Linux.

    More address space raises a ``MemoryError``, or an error of a decoder; more time ends the process by
    SIGXCPU. The time is the process's own, so a busy machine does not shorten it.
    """
    if sys.platform != "linux":
        yield
        return
    space = WEBP_SPACE if data[8:12] == b"WEBP" else SPACE
    pages = int(_STATM.read_text().split()[0])
    with (
        _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + space),
        _limit(resource.RLIMIT_CPU, math.ceil(time.process_time()) + SECONDS),
    ):
        yield


@contextmanager
def _limit(kind: int, most: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(kind)
    with suppress(ValueError, OSError):  # a system may have a lower limit, which then holds
        resource.setrlimit(kind, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))
