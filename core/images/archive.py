"""The pictures in a ZIP file, inflated one at a time and only in memory.

Everything that an archive says about itself is a stranger's word: all of it is bounded before anything is
inflated, and what is really inflated is bounded again. Names are only ever shown, never used as paths.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import ImageError

MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
ENTRY = b"PK\x01\x02"  # begins each entry of the archive's directory
MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 32 * 2**20  # as much as an upload
MAX_TOTAL_BYTES = 512 * 2**20  # over all members; they are held one at a time
MAX_RATIO = 200  # a picture that says little, such as a white BMP, shrinks to a hundredth
SMALL = 2**20  # what has less than this may shrink as it likes
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # zipfile inflates the others without a bound
ENCRYPTED = 0x1


@dataclass(frozen=True)
class Member:
    """A file in an archive: its content, or the sentence that says why there is none."""

    name: str
    content: bytes = b""
    error: str = ""
    share: float = 1.0  # of the archive's files, it and those before it


def is_archive(data: bytes) -> bool:
    """Whether a file's bytes begin like a ZIP file."""
    return data.startswith(MARKS)


def members(data: bytes, name: str = "") -> Iterator[Member]:
    """The files in an archive's bytes, in the archive's order; hidden ones and folders are left out.

    Raises:
        ImageError: when the archive as a whole cannot be opened or is too large.
    """
    name = shown(name) or "The archive"
    if data.count(ENTRY) > MAX_MEMBERS:  # before zipfile makes an object of each
        raise ImageError(f"{name} holds more than {MAX_MEMBERS:,} files; split it and try again.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:  # zipfile raises all sorts on damaged files
        raise ImageError(f"{name} is damaged or cut short; make the ZIP file again.") from error
    infos = [info for info in archive.infolist() if _wanted(info)]
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        raise ImageError(f"{name} would unpack to over {MAX_TOTAL_BYTES >> 20} MB; split it and try again.")
    return _each(archive, infos)


def shown(name: str) -> str:
    """A member's name for people: no path tricks, nothing unprintable, folders apart by a slash."""
    plain = "".join(c if c.isprintable() else " " for c in name).replace("\\", "/")
    parts = [part.strip() for part in plain.split("/")]
    return "/".join(part for part in parts if part not in ("", ".", ".."))[-100:].strip("/ ")


def _wanted(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    folder = parts[-1] == ""  # what has no name at all counts as one
    return not (folder or hidden or "__MACOSX" in parts or parts[-1] in ("Thumbs.db", "desktop.ini"))


def _each(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[Member]:
    left = MAX_TOTAL_BYTES
    with archive:
        for number, info in enumerate(infos, 1):
            share = number / len(infos)
            name = shown(info.filename) or "A file without a name"
            try:
                content = _content(archive, info, name, min(left, MAX_MEMBER_BYTES))
            except ImageError as error:
                yield Member(name, error=str(error), share=share)
            else:
                left -= len(content)
                yield Member(name, content, share=share)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, most: int) -> bytes:
    _check(info, name, most)
    try:
        with archive.open(info) as opened:
            content = opened.read(info.file_size + 1)  # zipfile inflates no further than it is asked to
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ImageError(f"{name} is damaged within the ZIP file; put it in again.") from error
    except RuntimeError as error:  # zipfile asks for a password
        raise ImageError(_locked(name)) from error
    if is_archive(content):
        raise ImageError(f"{name} is a ZIP file within a ZIP file; unpack it and bring its pictures.")
    return content


def _check(info: zipfile.ZipInfo, name: str, most: int) -> None:
    """What the archive says of a member, before any of it is inflated."""
    if info.flag_bits & ENCRYPTED:
        raise ImageError(_locked(name))
    if info.compress_type not in METHODS:
        raise ImageError(f"{name} is packed in an unusual way; make an ordinary ZIP file.")
    if info.file_size > most:
        raise ImageError(_too_large(name))
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise ImageError(_too_large(name))


def _locked(name: str) -> str:
    return f"{name} is locked with a password; make a ZIP file without one."


def _too_large(name: str) -> str:
    return f"{name} unpacks to too much; bring it on its own, and smaller."
