"""Tell the C library's allocator to return freed memory to the system."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

KEPT = 2**20  # bytes at the end of the heap that are not returned
ARENA_MAX, TRIM_THRESHOLD, MMAP_THRESHOLD = -8, -1, -3  # malloc.h's names for what mallopt sets
ARENAS = 2
LARGE = 256 * 2**10  # bytes; pictures are larger, objects that stay are smaller
LARGEST = 32 * 2**20  # bytes; glibc's own threshold rises to this while blocks come and go


def trim(kept: int = 0) -> None:
    """Return free pages to the system, if the C library is glibc, also those between blocks in use.

    ``kept`` bytes stay free at the end of the heap.
    """
    if sys.platform.startswith("linux"):
        malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if malloc_trim is not None:
            malloc_trim(kept)


def return_freed_memory(large: int = LARGE) -> None:
    """Return freed blocks of ``large`` bytes or more to the system at once, if the C library is glibc.

    By default glibc gives each thread a heap of its own, up to eight per core, and keeps large freed blocks
    in these heaps (mallopt(3)). Streamlit runs every visit in a new thread, so a few large pictures left
    holes of hundreds of megabytes. A returned block must be requested again, page by page: where many are
    used in a row, ``large`` should be above their size.
    """
    _set({ARENA_MAX: ARENAS, MMAP_THRESHOLD: large, TRIM_THRESHOLD: large})


@contextmanager
def large_blocks_returned() -> Iterator[None]:
    """Return freed blocks of ``LARGE`` bytes or more to the system at once, for a while.

    Afterwards only those above ``LARGEST`` are: a training requests the same blocks again in each step.
    """
    _set({MMAP_THRESHOLD: LARGE, TRIM_THRESHOLD: LARGE})
    try:
        yield
    finally:
        _set({MMAP_THRESHOLD: LARGEST, TRIM_THRESHOLD: 2 * LARGEST})  # glibc raises both


def _set(values: dict[int, int]) -> None:
    """Set options of the allocator, if the C library is glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform.startswith("linux") else None
    if mallopt is not None:
        for option, value in values.items():
            mallopt(option, value)


def drop_garbage() -> None:
    """Collect garbage and return all freed memory to the system, after work that leaves much of both.

    ``gc.freeze`` before makes this fast: it then looks at what was made since.
    """
    gc.collect()
    trim(KEPT)
