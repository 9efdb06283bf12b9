"""How the C library's allocator keeps memory that was freed."""

from __future__ import annotations

import ctypes
import sys

ARENA_MAX, TRIM_THRESHOLD, MMAP_THRESHOLD = -8, -1, -3  # malloc.h's names for what mallopt sets
ARENAS = 2
LARGE = 256 * 2**10  # bytes; pictures are larger, what stays is smaller


def return_freed_memory(large: int = LARGE) -> None:
    """Has freed blocks of ``large`` bytes or more go back to the system at once, if the C library is glibc.

    It gives each thread a heap of its own, up to eight a core, and after the first large block that was freed
    it keeps blocks as large in these heaps. Streamlit runs every visit in a new thread, so that a few large
    pictures left holes of hundreds of megabytes (mallopt(3)). A block that goes back at once has to be had
    anew, page by page: where many are used in a row, ``large`` should be above their size.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(ARENA_MAX, ARENAS)
        mallopt(MMAP_THRESHOLD, large)
        mallopt(TRIM_THRESHOLD, large)
