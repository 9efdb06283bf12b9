"""The child's side, in this process."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from core.errors import ImageError
from core.inference import decoding_process
from core.inference.decoding_process import PictureReader
from core.inference.picture_reading import Prepared
from tests.pictures import photograph


@pytest.fixture(scope="module")
def reader() -> Iterator[PictureReader]:
    """Return a reader without limits, which other threads of this process could not bear."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding_process, "limited", lambda data: nullcontext())
        yield PictureReader(lambda told, share: None)


def test_a_picture_is_prepared_from_its_parts_and_the_next_begins_afresh(reader: PictureReader) -> None:
    data = photograph(7)
    for start in range(0, len(data), 10_000):
        reader.take(data[start : start + 10_000])

    first, second = reader.prepare("a.png"), reader.prepare("b.png")

    assert isinstance(first, Prepared)
    assert len(first.reading.glyphs) == 1
    assert isinstance(second, ImageError)
    assert second.message.key == "images.empty"


def test_the_last_archive_is_held_and_a_damaged_one_is_an_error(reader: PictureReader) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.png", photograph(4))
        archive.writestr("b.png", b"torn")
    reader.take(data.getvalue())

    assert reader.open_archive("one", "a.zip") is None
    assert reader.holds("one")
    assert reader.names() == ["a.png", "b.png"]
    assert isinstance(reader.prepare_member(0), Prepared)
    assert isinstance(reader.prepare_member(1), ImageError)

    reader.take(data.getvalue()[:50])
    assert isinstance(reader.open_archive("two", "b.zip"), ImageError)
    assert not reader.holds("one")
    assert not reader.holds("two")


def test_pictures_and_files_of_an_archive_are_reduced_but_no_videos_or_archives(
    reader: PictureReader,
) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.png", photograph(4))
        archive.writestr("b.mp4", b"\0\0\0\x20ftypisom")
    sides = {"short_side": 64, "long_side": 256}
    reader.take(photograph(4))
    small = reader.reduce("a.png", **sides)
    reader.take(data.getvalue())
    inner = reader.reduce("b.zip", **sides)
    reader.take(data.getvalue())
    assert reader.open_archive("key", "b.zip") is None

    assert isinstance(small, bytes)
    assert reader.reduce_member(0, **sides) == small
    assert isinstance(inner, ImageError)
    assert inner.message.key == "images.archive_in_archive"
    assert reader.reduce_member(1, **sides).message.key == "images.video"
