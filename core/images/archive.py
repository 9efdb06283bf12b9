"""Unpack the files of a ZIP file one at a time, in memory only.

The archive comes from a stranger, so nothing that it says about itself is trusted: its figures are checked
before anything is inflated, and the inflated bytes are limited again. Names are shown, never used as paths.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import ImageError
from core.language import gettext
from core.messages import Message, message

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
DIRECTORY_ENTRY = b"PK\x01\x02"  # begins each entry of the archive's directory
MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 32 * 2**20  # the limit of an upload
MAX_TOTAL_BYTES = 512 * 2**20  # of all members together; only one is in memory at a time
MAX_RATIO = 200  # of inflated to packed size; an even picture, such as a white BMP, reaches 100
UNCHECKED_BYTES = 2**20  # a member of this size or less may have any ratio
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # zipfile cannot limit how much the others inflate
ENCRYPTED = 0x1


@dataclass(frozen=True)
class Member:
    """A file in an archive: its content, or the error that says why it cannot be read."""

    name: str
    content: bytes = b""
    error: Message | None = None
    share: float = 1.0  # of the archive's files that have been read, this one included


def is_archive(data: bytes) -> bool:
    """Return whether a file's bytes begin like a ZIP file."""
    return data.startswith(SIGNATURES)


def members(data: bytes, name: str = "") -> Iterator[Member]:
    """Return the files of an archive in its order, without folders and hidden files.

    Raises:
        ImageError: when the archive as a whole cannot be opened or is too large.
    """
    told = printable_path(name) or message("images.the_archive")
    if data.count(DIRECTORY_ENTRY) > MAX_MEMBERS:  # before zipfile makes an object of each
        raise ImageError("images.archive_of_too_many", name=told, most=MAX_MEMBERS)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:  # zipfile raises errors of many types on damaged files
        raise ImageError("images.archive_damaged", name=told) from error
    infos = [info for info in archive.infolist() if _is_wanted(info)]
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        raise ImageError("images.archive_too_large", name=told, most=MAX_TOTAL_BYTES >> 20)
    return _read_members(archive, infos)


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


def _read_members(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[Member]:
    left = MAX_TOTAL_BYTES
    with archive:
        for number, info in enumerate(infos, 1):
            share = number / len(infos)
            name = printable_path(info.filename) or gettext("A file without a name")
            try:
                content = _read(archive, info, name, min(left, MAX_MEMBER_BYTES))
            except ImageError as error:
                yield Member(name, error=error.message, share=share)
            else:
                left -= len(content)
                yield Member(name, content, share=share)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, most: int) -> bytes:
    """Return a member's content, if it has at most ``most`` bytes."""
    _check(info, name, most)
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


def _check(info: zipfile.ZipInfo, name: str, most: int) -> None:
    """Refuse a member by what the archive says about it, before any of it is inflated."""
    if info.flag_bits & ENCRYPTED:
        raise ImageError("images.member_locked", name=name)
    if info.compress_type not in METHODS:
        raise ImageError("images.member_compression", name=name)
    if info.file_size > most or info.file_size > max(UNCHECKED_BYTES, MAX_RATIO * max(1, info.compress_size)):
        raise ImageError("images.member_too_large", name=name)
