"""Pictures prepared in child processes."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import ImageError
from core.inference import decoding_pool
from core.inference.decoding_pool import DecodingPool
from core.inference.picture_reading import prepare
from tests.pictures import blank_paper, encoded, photograph
from tests.refusals import raises

FRAGILE = str(Path(__file__).with_name("fragile_child.py"))


@pytest.fixture(scope="module")
def other() -> Iterator[DecodingPool]:
    """Start a process that dies when it gets certain pictures."""
    made = DecodingPool("fragile", (sys.executable, FRAGILE))
    yield made
    made.close()


def pid(process: DecodingPool) -> int:
    """Return the process id of the child, which it writes into the name of a picture."""
    return int(process.prepare(blank_paper(), "pid.png").name)


def test_a_picture_is_prepared_as_in_this_process(other: DecodingPool) -> None:
    here, there = prepare(photograph(2, 4, 7), "a.png"), other.prepare(photograph(2, 4, 7), "a.png")

    assert (there.name, there.picture.size, there.picture.format) == ("a.png", (1800, 600), "PNG")
    assert [glyph.box for glyph in there.reading.glyphs] == [glyph.box for glyph in here.reading.glyphs]
    for one, two in zip(there.reading.glyphs, here.reading.glyphs, strict=True):
        np.testing.assert_array_equal(one.pixels, two.pixels)
    assert [step.title for step in there.reading.steps] == [step.title for step in here.reading.steps]


def test_an_invalid_picture_gives_the_same_error_as_in_this_process(other: DecodingPool) -> None:
    for content in (b"", b"milk, bread", photograph(2)[:500]):
        with pytest.raises(ImageError) as here:
            prepare(content, "x.png")
        with pytest.raises(ImageError) as there:
            other.prepare(content, "x.png")
        assert str(there.value) == str(here.value)


def test_a_picture_that_ends_the_process_is_an_error_and_the_next_is_read(other: DecodingPool) -> None:
    with pytest.raises(ImageError) as refused:
        other.prepare(photograph(7), "crash.png")
    assert refused.value.message.key == "inference.decoding_failed"

    assert len(other.prepare(photograph(7), "good.png").reading.glyphs) == 1


def test_a_process_that_was_killed_is_replaced(other: DecodingPool) -> None:
    first = pid(other)
    os.kill(first, signal.SIGKILL)

    assert other.prepare(blank_paper(), "blank.png").reading.glyphs == ()
    assert pid(other) != first


def test_the_process_is_replaced_after_its_last_picture(
    other: DecodingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pid(other)
    assert pid(other) == first
    monkeypatch.setattr(decoding_pool, "LIFE", 1)

    assert pid(other) != first


def test_starting_does_not_wait_for_a_picture_that_is_being_prepared(other: DecodingPool) -> None:
    slow = threading.Thread(target=other.prepare, args=(blank_paper(), "spin 0.5.png"), daemon=True)
    slow.start()
    other.start()
    assert slow.is_alive()
    slow.join()


@pytest.mark.skipif(sys.platform != "linux", reason="children are looked for in /proc")
def test_a_spare_process_takes_over_from_a_slow_picture_where_several_sessions_use_pictures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(decoding_pool, "SLOW", 0.1)
    pool, others = DecodingPool("fragile", (sys.executable, FRAGILE)), children()
    pool.start("one")
    (first,) = children() - others
    pool.start("one")
    assert children() - others == {first}, "one session holds up nobody"
    pool.start("two")
    (spare,) = children() - others - {first}

    slow = spinning(pool, 0.6, tmp_path)
    assert pid(pool) == spare
    assert len(children() - others) == 3, "the next spare is being started"
    slow.join()
    pool.close()


def children() -> set[int]:
    """Return the ids of this process's children that have not ended."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z" and parent == str(os.getpid()):
                found.add(int(folder.name))
    return found


def spinning(pool: DecodingPool, seconds: float, folder: Path) -> threading.Thread:
    """Return a thread that has a slow picture prepared, once a child has begun with that.

    It makes a file "read" in the folder afterwards.
    """
    folder.mkdir(exist_ok=True)

    def ask() -> None:
        pool.prepare(blank_paper(), f"spin {seconds} {folder / 'begun'}.png")
        (folder / "read").touch()

    thread = threading.Thread(target=ask)
    thread.start()
    while not (folder / "begun").exists():
        time.sleep(0.005)
    return thread


def test_when_no_process_can_start_only_preparing_a_picture_is_an_error() -> None:
    none = DecodingPool("fragile", ("/no/such/program",))

    none.start()

    with pytest.raises(ImageError) as refused:
        none.prepare(photograph(7), "a.png")
    assert refused.value.message.key == "inference.decoding_failed"


def test_a_large_file_reaches_the_process_without_a_copy_in_this_one(other: DecodingPool) -> None:
    content = photograph(7) + bytes(2**24)
    other.prepare(content, "warm.png")
    tracemalloc.start()

    other.prepare(content, "large.png")

    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < len(content) / 2


def test_several_threads_may_prepare_pictures_at_once(other: DecodingPool) -> None:
    found: dict[int, int] = {}

    def ask(digits: int) -> None:
        found[digits] = len(other.prepare(photograph(*[7] * digits), "x.png").reading.glyphs)

    threads = [threading.Thread(target=ask, args=(digits,)) for digits in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {1: 1, 2: 2, 3: 3}


def test_slow_pictures_do_not_hold_up_others_and_are_read_as_well(
    other: DecodingPool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One slow picture goes on in its process, the next begins again after it, and quick ones pass both."""
    monkeypatch.setattr(decoding_pool, "READY", 0.02)
    monkeypatch.setattr(decoding_pool, "SLOW", 0.1)
    monkeypatch.setattr(decoding_pool, "WORKED", 0.1)
    first, second = tmp_path / "first", tmp_path / "second"
    threads = [spinning(other, 0.6, first), spinning(other, 1.5, second)]

    other.prepare(blank_paper(), "quick.png")

    assert not (second / "read").exists()
    for thread in threads:
        thread.join()
    assert (first / "read").exists()
    assert (second / "read").exists()


def test_sessions_take_turns(other: DecodingPool) -> None:
    order: list[str] = []
    begun = threading.Event()

    def ask(name: str, count: int) -> None:
        for _ in range(count):
            other.prepare(blank_paper(), "spin 0.05.png")
            order.append(name)
            begun.set()

    many = threading.Thread(target=ask, args=("many", 7))
    many.start()
    begun.wait()
    before = len(order)
    ask("few", 2)
    while_waiting = order[before : len(order) - order[::-1].index("few")].count("many")
    assert while_waiting <= 4
    many.join()


def test_a_picture_that_takes_too_much_processor_time_is_refused_by_that_limit(other: DecodingPool) -> None:
    with pytest.raises(ImageError) as caught:
        other.prepare(blank_paper(), "spin 60.png")

    assert caught.value.message.key == "inference.too_slow"


def test_a_picture_whose_header_lies_gets_no_more_memory_than_the_others(other: DecodingPool) -> None:
    with pytest.raises(ImageError) as caught:
        other.prepare(blank_paper(), "memory.png")

    assert caught.value.message.key == "images.too_much_memory"
    assert other.prepare(blank_paper(), "blank.png").reading.glyphs == ()


def test_the_files_of_an_archive_are_prepared_by_their_numbers_and_it_is_sent_once(
    other: DecodingPool,
) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in {
            "a.png": photograph(7),
            "b/torn.png": b"torn",
            "c.png": photograph(2, 4),
        }.items():
            archive.writestr(name, content)
    sent: list[int] = []

    def load() -> bytes:
        sent.append(1)
        return data.getvalue()

    assert other.names(load, "key", "all.zip") == ["a.png", "b/torn.png", "c.png"]
    glyphs = [len(other.prepare_member(load, "key", "all.zip", i).reading.glyphs) for i in (2, 0)]
    assert glyphs == [2, 1]
    with raises(ImageError, "images.not_a_picture", name="b/torn.png"):
        other.prepare_member(load, "key", "all.zip", 1)
    assert len(sent) == 1
    with pytest.raises(ImageError) as caught:
        other.names(lambda: data.getvalue()[:99], "other key", "torn.zip")
    assert caught.value.message.key == "images.archive_damaged"


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_no_picture_takes_the_process_above_250_mb(other: DecodingPool) -> None:
    """Prepare the largest accepted pictures of kinds that took up to 650 MB; compare the benchmark."""
    deep = Image.frombytes("I;16", (7200, 7200), bytes(2 * 7200**2))
    files = {
        "deep": encoded(deep, "PNG", compress_level=1),
        "transparent": encoded(Image.new("RGBA", (4000, 3000)), "WEBP", lossless=True, method=0),
        "progressive": encoded(Image.new("RGB", (7200, 7000)), "JPEG", progressive=True),
    }
    process = pid(other)

    for name, data in files.items():
        other.prepare(data, name)

    assert pid(other) == process, "it survived all of them"
    status = Path(f"/proc/{process}/status").read_text()
    assert int(status.partition("VmHWM:")[2].split()[0]) < 250 * 2**10
