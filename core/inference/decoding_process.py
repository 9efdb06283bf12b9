"""Prepare visitors' pictures, in a child process.

Decoders are C code that reads untrusted bytes and takes some 150 MB for a large photograph. The system gets
this memory back when the child ends, and a crash ends only the child. ``decoding_pool`` is the server's side.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeVar

from PIL import Image

from core import allocator
from core.errors import ImageError
from core.images.archive import Archive, is_archive
from core.images.decode import load_decoder
from core.images.memory import MAX_MEMORY
from core.images.reduced import is_video, reduced
from core.inference.decoding_limits import limited
from core.inference.picture_reading import Prepared, prepare
from core.messages import Progress

T = TypeVar("T")
LARGE = 4 * 2**20  # bytes; the many arrays of a drawing are smaller: returning them took 50 % more time


class PictureReader:
    """Prepare one picture after another, inside the child; errors are returned, not raised."""

    def __init__(self, progress: Progress) -> None:
        allocator.return_freed_memory(LARGE)
        prepare(_example(), "example.png")  # starts the libraries' threads, whose stacks are not a picture's
        self._parts: list[bytes] = []
        self._archive: tuple[str, Archive] | None = None  # the last one, with its key

    def take(self, part: bytes) -> None:
        """Receive the next bytes of the file that is asked about next."""
        self._parts.append(part)

    def prepare(
        self, name: str, thorough: bool = True, turn: int = 0, data: bytes = b""
    ) -> Prepared | ImageError:
        """Return the prepared picture, or the error that says why it cannot be read.

        ``data`` is the last part of the file, here and below.
        """
        return _prepared(self._taken(data), name, thorough, turn)

    def holds(self, key: str) -> bool:
        """Return whether the archive of this key was taken and no other after it."""
        return self._archive is not None and self._archive[0] == key

    def open_archive(self, key: str, name: str, data: bytes = b"") -> ImageError | None:
        """Keep the file as the archive of this key."""
        self._archive = None
        try:
            self._archive = key, Archive(self._taken(data), name)
        except ImageError as error:
            return error
        return None

    def names(self) -> list[str]:
        """Return the names of the files in the archive."""
        assert self._archive is not None
        return self._archive[1].names

    def empty_folders(self) -> list[str]:
        """Return the paths of the empty folders in the archive."""
        assert self._archive is not None
        return self._archive[1].empty_folders

    def prepare_member(self, number: int, thorough: bool = True) -> Prepared | ImageError:
        """Return a file of the archive as ``prepare`` does."""
        return self._member(number, lambda data, name: _prepared(data, name, thorough))

    def reduce(self, name: str, short_side: int, long_side: int, data: bytes = b"") -> bytes | ImageError:
        """Return a small copy of the picture, or the error that says why it cannot be read."""
        return _reduced(self._taken(data), name, short_side, long_side)

    def reduce_member(self, number: int, short_side: int, long_side: int) -> bytes | ImageError:
        """Return a file of the archive as ``reduce`` does."""
        return self._member(number, lambda data, name: _reduced(data, name, short_side, long_side))

    def _member(self, number: int, read: Callable[[bytes, str], T | ImageError]) -> T | ImageError:
        """Return what ``read`` makes of a file of the archive, or why the archive does not give it."""
        assert self._archive is not None
        archive = self._archive[1]
        try:
            return read(archive.read(number), archive.names[number])
        except ImageError as error:
            return error

    def _taken(self, last: bytes) -> bytes:
        data = b"".join([*self._parts, last]) if self._parts else last
        self._parts.clear()
        return data


def _prepared(data: bytes, name: str, thorough: bool = True, turn: int = 0) -> Prepared | ImageError:
    return _answered(data, name, lambda: prepare(data, name, thorough=thorough, turn=turn))


def _reduced(data: bytes, name: str, short_side: int, long_side: int) -> bytes | ImageError:
    if is_video(data):
        return ImageError("images.video", name=name)
    if is_archive(data):
        return ImageError("images.archive_in_archive", name=name)
    return _answered(data, name, lambda: reduced(data, name, short_side, long_side))


def _answered(data: bytes, name: str, read: Callable[[], T]) -> T | ImageError:
    load_decoder(data)
    try:
        with limited(data):
            return read()
    except ImageError as error:
        return error
    except MemoryError:
        return ImageError("images.too_much_memory", name=name, most=MAX_MEMORY >> 20)


def _example() -> bytes:
    """Return a picture with one stroke as a PNG file."""
    sheet = Image.new("L", (600, 400), 255)
    sheet.paste(0, (280, 100, 320, 300))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()
