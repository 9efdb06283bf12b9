"""Unpack the files of a ZIP file one at a time.

The archive comes from a stranger, so nothing that it says about itself is trusted: its figures are checked
before anything is inflated, and the inflated bytes are limited again. Names are shown, never used as paths.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
import zlib
from typing import BinaryIO

from core.errors import ImageError
from core.language import gettext
from core.messages import message

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
DIRECTORY_ENTRY = b"PK\x01\x02"  # begins each entry of the archive's directory
MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 32 * 2**20  # the limit of an upload
MAX_TOTAL_BYTES = 512 * 2**20  # of all files together; only one is in memory at a time
MAX_RATIO = 200  # of inflated to packed size; an even picture, such as a white BMP, reaches 100
UNCHECKED_BYTES = 2**20  # a member of this size or less may have any ratio
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # zipfile cannot limit how much the others inflate
ENCRYPTED = 0x1


def is_archive(data: bytes) -> bool:
    """Return whether a file's bytes begin like a ZIP file."""
    return data.startswith(SIGNATURES)


class Archive:
    """An opened ZIP file, without its folders and hidden files; its files are numbered from 0."""

    def __init__(self, data: bytes, name: str = "") -> None:
        """Open the archive, which is kept on disk, and read the names of its files.

        Raises:
            ImageError: when it cannot be opened or is too large.
        """
        told = printable_path(name) or message("images.the_archive")
        if data.count(DIRECTORY_ENTRY) > MAX_MEMBERS:  # before zipfile makes an object of each
            raise ImageError("images.archive_of_too_many", name=told, most=MAX_MEMBERS)
        try:
            self._archive = zipfile.ZipFile(_on_disk(data))
        except Exception as error:  # zipfile raises errors of many types on damaged files
            raise ImageError("images.archive_damaged", name=told) from error
        self._infos = [info for info in self._archive.infolist() if _is_wanted(info)]
        if sum(info.file_size for info in self._infos) > MAX_TOTAL_BYTES:
            raise ImageError("images.archive_too_large", name=told, most=MAX_TOTAL_BYTES >> 20)
        self.empty_folders = _empty_folders(self._archive.infolist())
        self.names = [
            printable_path(info.filename) or gettext("A file without a name") for info in self._infos
        ]

    def read(self, number: int) -> bytes:
        """Return the content of one file.

        Raises:
            ImageError: when it cannot be read or is too large.
        """
        return _read(self._archive, self._infos[number], self.names[number])


def _empty_folders(infos: list[zipfile.ZipInfo]) -> list[str]:
    """Return the printable paths of the folders in which there is nothing."""
    named = (info.filename.replace("\\", "/") for info in infos)
    paths = dict.fromkeys(path for path in named if "__MACOSX" not in path)
    full = {path.rstrip("/").rpartition("/")[0] for path in paths}
    empty = [path for path in paths if path.endswith("/") and path.rstrip("/") not in full]
    return [told for told in map(printable_path, empty) if told]


def _on_disk(data: bytes) -> BinaryIO:
    """Return a nameless file with these bytes; it stays in memory if the disk is full."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the archive)
    try:
        file.write(data)
        file.flush()
    except OSError:
        file.close()
        return io.BytesIO(data)
    return file


def printable_path(name: str) -> str:
    """Return a member's name for display: printable, at most 100 characters, without ``..`` or a root.

    Folders are separated by a slash.
    """
    plain = "".join(c if c.isprintable() else " " for c in name).replace("\\", "/")
    parts = [part.strip() for part in plain.split("/")]
    return "/".join(part for part in parts if part not in ("", ".", ".."))[-100:].strip("/ ")


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    folder = parts[-1] == ""  # an entry without a name counts as a folder
    return not (folder or hidden or "__MACOSX" in parts or parts[-1] in ("Thumbs.db", "desktop.ini"))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    _check(info, name)
    try:
        with archive.open(info) as opened:
            content = opened.read(info.file_size + 1)  # zipfile inflates no more than this
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ImageError("images.member_damaged", name=name) from error
    except RuntimeError as error:  # zipfile asks for a password
        raise ImageError("images.member_locked", name=name) from error
    if is_archive(content):
        raise ImageError("images.archive_in_archive", name=name)
    return content


def _check(info: zipfile.ZipInfo, name: str) -> None:
    """Refuse a member by what the archive says about it, before any of it is inflated."""
    if info.flag_bits & ENCRYPTED:
        raise ImageError("images.member_locked", name=name)
    if info.compress_type not in METHODS:
        raise ImageError("images.member_compression", name=name)
    if info.file_size > min(MAX_MEMBER_BYTES, max(UNCHECKED_BYTES, MAX_RATIO * max(1, info.compress_size))):
        raise ImageError("images.member_too_large", name=name)
