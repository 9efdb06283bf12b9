from __future__ import annotations

import subprocess
import sys
import weakref

import pytest

from core import allocator

# As visits do: in threads, each keeping a little that was made while large pictures came and went.
VISITS = """
import sys, threading
from contextlib import nullcontext
from pathlib import Path
from core import allocator

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

if sys.argv[1] == "frugal":
    allocator.return_freed_memory()
kept = []

def visit(number):
    for size in (2, 6, 12, 24, 3):
        pictures = [bytearray(size * 2**20) for _ in range(2)]
        kept.append(bytearray(70_000 + number))
        del pictures

begin = resident()
with allocator.large_blocks_returned() if sys.argv[1] == "for a while" else nullcontext():
    for number in range(6):
        thread = threading.Thread(target=visit, args=(number,))
        thread.start()
        thread.join()
        visit(number)
print(resident() - begin)
"""


def grown(kind: str) -> float:
    """Return by how many MB the memory of a process grew while pictures came and went."""
    child = subprocess.run([sys.executable, "-c", VISITS, kind], capture_output=True, check=True)
    return float(child.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is Linux's")
def test_freed_pictures_go_back_to_the_system_and_only_with_the_call() -> None:
    frugal, for_a_while = grown("frugal"), grown("for a while")
    assert max(frugal, for_a_while) < 12  # MB; what is kept takes 5
    assert grown("as ever") > 2 * max(frugal, for_a_while)


class Ring:
    """An object that refers to itself, so that only the garbage collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_dropped_at_once() -> None:
    ring = weakref.ref(Ring())
    allocator.drop_garbage()
    assert ring() is None


HOLES = """
from pathlib import Path
from core import allocator

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

blocks = [bytearray(3000) for _ in range(20_000)]
blocks = blocks[::100]
before = resident()
allocator.trim()
print(before - resident())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is Linux's")
def test_trimming_returns_free_memory_between_blocks_in_use() -> None:
    child = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, check=True)
    assert float(child.stdout) > 20  # MB of 60
