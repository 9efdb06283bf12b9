"""Pictures prepared in a child process."""

from __future__ import annotations

import os
import signal
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.errors import ImageError
from core.inference import decoding_process
from core.inference.decoding_process import DecodingProcess
from core.inference.picture_reading import prepare
from tests.pictures import blank_paper, photograph

FRAGILE = str(Path(__file__).with_name("fragile_child.py"))


@pytest.fixture(scope="module")
def other() -> Iterator[DecodingProcess]:
    """Start a process that dies when it gets certain pictures."""
    made = DecodingProcess("fragile", (sys.executable, FRAGILE))
    yield made
    made.close()


def pid(process: DecodingProcess) -> int:
    """Return the process id of the child, which it writes into the name of a picture."""
    return int(process.prepare(blank_paper(), "pid.png").name)


def test_a_picture_is_prepared_as_in_this_process(other: DecodingProcess) -> None:
    here, there = prepare(photograph(2, 4, 7), "a.png"), other.prepare(photograph(2, 4, 7), "a.png")

    assert (there.name, there.picture.size, there.picture.format) == ("a.png", (1800, 600), "PNG")
    assert [glyph.box for glyph in there.reading.glyphs] == [glyph.box for glyph in here.reading.glyphs]
    for one, two in zip(there.reading.glyphs, here.reading.glyphs, strict=True):
        np.testing.assert_array_equal(one.pixels, two.pixels)
    assert [step.title for step in there.reading.steps] == [step.title for step in here.reading.steps]


def test_an_invalid_picture_gives_the_same_error_as_in_this_process(other: DecodingProcess) -> None:
    for content in (b"", b"milk, bread", photograph(2)[:500]):
        with pytest.raises(ImageError) as here:
            prepare(content, "x.png")
        with pytest.raises(ImageError) as there:
            other.prepare(content, "x.png")
        assert str(there.value) == str(here.value)


def test_a_picture_that_ends_the_process_is_an_error_and_the_next_is_read(other: DecodingProcess) -> None:
    with pytest.raises(ImageError, match=r"^crash.png could not be read; save it as PNG or JPEG"):
        other.prepare(photograph(7), "crash.png")

    assert len(other.prepare(photograph(7), "good.png").reading.glyphs) == 1


def test_a_process_that_was_killed_is_replaced(other: DecodingProcess) -> None:
    first = pid(other)
    os.kill(first, signal.SIGKILL)

    assert other.prepare(blank_paper(), "blank.png").reading.glyphs == ()
    assert pid(other) != first


def test_the_process_is_replaced_after_its_last_picture(
    other: DecodingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pid(other)
    assert pid(other) == first
    monkeypatch.setattr(decoding_process, "LIFE", 1)

    assert pid(other) != first


def test_starting_does_not_wait_for_a_picture_that_is_being_prepared(other: DecodingProcess) -> None:
    slow = threading.Thread(target=other.prepare, args=(blank_paper(), "slow.png"), daemon=True)
    slow.start()
    other.start()
    assert slow.is_alive()
    slow.join()


def test_when_no_process_can_start_only_preparing_a_picture_is_an_error() -> None:
    none = DecodingProcess("fragile", ("/no/such/program",))

    none.start()

    with pytest.raises(ImageError, match=r"^a.png could not be read"):
        none.prepare(photograph(7), "a.png")


def test_a_large_file_reaches_the_process_without_a_copy_in_this_one(other: DecodingProcess) -> None:
    content = photograph(7) + bytes(2**24)
    other.prepare(content, "warm.png")
    tracemalloc.start()

    other.prepare(content, "large.png")

    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < len(content) / 2


def test_several_threads_may_prepare_pictures_at_once(other: DecodingProcess) -> None:
    found: dict[int, int] = {}

    def ask(digits: int) -> None:
        found[digits] = len(other.prepare(photograph(*[7] * digits), "x.png").reading.glyphs)

    threads = [threading.Thread(target=ask, args=(digits,)) for digits in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {1: 1, 2: 2, 3: 3}
