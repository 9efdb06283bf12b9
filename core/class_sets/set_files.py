"""Save a class set as a ZIP file, and read classes from such a file, any other ZIP file, or a folder.

The folders are the classes. A saved set is such a file too, so it can also be unpacked, changed and zipped
again. A class without pictures is an empty folder.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from core.class_sets.class_set import ClassSet, TaughtClass, checked_name
from core.class_sets.class_set_store import ClassSetStore
from core.class_sets.limits import (
    LONG_SIDE,
    MOST_BYTES,
    MOST_CLASSES,
    MOST_FILE,
    MOST_PICTURES,
    SHORT_SIDE,
    SUFFIX,
)  # fmt: skip
from core.errors import ClassSetError, ImageError
from core.images.decode import MAX_BYTES
from core.messages import Message, Progress, message

SIDES = (SHORT_SIDE, LONG_SIDE)
UNFIT = frozenset('/\\:*?"<>|%')  # in names of files, on one system or another


class PictureReducer(Protocol):
    """A reader of visitors' pictures in another process; ``core.inference.decoding_pool`` has one."""

    def names(self, load: Callable[[], bytes], key: str, name: str) -> list[str]:
        """Return the names of the files in an archive."""

    def empty_folders(self, load: Callable[[], bytes], key: str, name: str) -> list[str]:
        """Return the paths of the empty folders in an archive."""

    def reduce(self, data: bytes, name: str, sides: tuple[int, int]) -> bytes:
        """Return a small copy of a picture."""

    def reduce_member(
        self, load: Callable[[], bytes], key: str, name: str, number: int, sides: tuple[int, int]
    ) -> bytes:
        """Return a small copy of a picture in an archive."""


@dataclass(frozen=True)
class Import:
    """A set after an import, and the reasons why some files were left out."""

    classes: ClassSet
    left_out: tuple[Message, ...]


def save(store: ClassSetStore, described: ClassSet) -> bytes:
    """Return a set as a ZIP file with a folder for each class.

    Raises:
        ClassSetError: when a picture is missing.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:  # stored: JPEG is compressed already
        for path, content in members(store, described):
            archive.writestr(zipfile.ZipInfo(path), content)
    return buffer.getvalue()


def members(store: ClassSetStore, described: ClassSet) -> Iterator[tuple[str, bytes]]:
    """Yield the path of each picture, below a folder for its class, and its file; empty folders, too.

    Raises:
        ClassSetError: when a picture is missing.
    """
    for one in described.classes:
        if not one.pictures:
            yield f"{folder_name(one.name)}/", b""
        for number, picture in enumerate(one.pictures):
            yield f"{folder_name(one.name)}/{number:04}{SUFFIX}", store.content(described.id, picture.id)


def parts(described: ClassSet, most: int = MOST_FILE) -> list[ClassSet]:
    """Return the set in parts that each fit a file; opened one after another, they are the set again.

    Classes without pictures are in one of the parts, too.
    """
    found: list[list[TaughtClass]] = [[]]
    left = most
    for one in described.classes:
        found[-1].append(TaughtClass(one.name))
        for picture in one.pictures:
            if picture.size > left:
                found.append([TaughtClass(one.name)])
                left = most
            left -= picture.size
            last = found[-1][-1]
            found[-1][-1] = replace(last, pictures=(*last.pictures, picture))
    return [replace(described, classes=tuple(classes)) for classes in found]


def folder_name(name: str) -> str:
    """Return a class's name as a folder's: what a path cannot have is written as in a web address."""
    told = "".join(f"%{ord(c):02X}" if c in UNFIT else c for c in name)
    return f"%2E{told[1:]}" if told.startswith(".") else told


def add_archive(
    store: ClassSetStore, set_id: str, data: bytes, name: str, pool: PictureReducer, progress: Progress
) -> Import:
    """Add the pictures in a ZIP file to a set; the innermost folder of a picture is its class.

    Files that cannot be read are left out, each with a sentence, and so are classes of which no picture can
    be read. The set changes in one piece.

    Raises:
        ImageError: when the archive cannot be opened.
        ClassSetError: when no file is in a folder, or the set would be too large; the set is as it was.
    """
    key = hashlib.sha256(data).hexdigest()
    paths = pool.names(lambda: data, key, name)
    found = [
        (unquote(Path(path).parent.name), path, _member(pool, data, key, name, number))
        for number, path in enumerate(paths)
    ]
    empty = [unquote(Path(path).name) for path in pool.empty_folders(lambda: data, key, name)]
    return add_pictures(store, set_id, [one for one in found if one[0]], name, progress, empty)


def add_folder(
    store: ClassSetStore, set_id: str, folder: Path, pool: PictureReducer, progress: Progress
) -> Import:
    """Add the pictures in a folder's folders to a set; errors as ``add_archive``."""
    files = (f for f in sorted(folder.glob("*/*")) if f.is_file() and not f.name.startswith("."))
    found = [(unquote(file.parent.name), file.name, _file(pool, file)) for file in files]
    return add_pictures(store, set_id, found, folder.name, progress)


def _member(pool: PictureReducer, data: bytes, key: str, name: str, number: int) -> Callable[[], bytes]:
    return lambda: pool.reduce_member(lambda: data, key, name, number, SIDES)


def _file(pool: PictureReducer, file: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with file.open("rb") as opened:
                content = opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise ImageError("images.damaged", name=file.name) from error
        return pool.reduce(content, file.name, SIDES)

    return read


def add_pictures(
    store: ClassSetStore,
    set_id: str,
    found: Sequence[tuple[str, str, Callable[[], bytes]]],
    name: str,
    progress: Progress,
    empty: Sequence[str] = (),
) -> Import:
    """Add pictures, each with its class, its name, and a function that reads it.

    Args:
        store: of the set.
        set_id: of the set.
        found: the pictures.
        name: of what they come from, for errors.
        progress: is told how many have been read.
        empty: names of classes that come without pictures.

    Raises:
        ClassSetError: when there is no picture, or the set would be too large; the set is as it was.
    """
    if not found and not empty:
        raise ClassSetError("class_sets.no_folders", name=name)
    if len(found) > MOST_PICTURES:
        raise ClassSetError("class_sets.too_many_pictures", most=MOST_PICTURES)
    names = {checked_name(one).casefold() for one in (*(folder for folder, _, _ in found), *empty)}
    if len(names) > MOST_CLASSES:
        raise ClassSetError("class_sets.too_many_classes", most=MOST_CLASSES)
    read: list[tuple[str, str, bytes]] = []
    left_out: list[Message] = []
    left = MOST_BYTES
    for number, (folder, picture, load) in enumerate(found):
        progress(message("class_sets.reading", count=number, total=len(found)), number / len(found))
        try:
            content = load()
        except ImageError as error:
            left_out.append(error.message)
            continue
        left -= len(content)
        if left < 0:  # before more is read into memory
            raise ClassSetError("class_sets.too_many_bytes", most=MOST_BYTES >> 20)
        read.append((checked_name(folder), picture, content))
    return Import(store.add(set_id, read, empty), tuple(left_out))
