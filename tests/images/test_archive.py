from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ImageError
from core.images import archive
from core.images.archive import Archive, is_archive, printable_path
from core.messages import Message
from tests.pictures import photograph


def _zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as opened:
        for name, content in files:
            opened.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


@dataclass(frozen=True)
class Member:
    """A file in an archive: its content, or why it cannot be read."""

    name: str
    content: bytes = b""
    error: Message | None = None


def members(data: bytes, name: str = "") -> list[Member]:
    """Return all files of an archive."""
    archive, found = Archive(data, name), []
    for number, member in enumerate(archive.names):
        try:
            found.append(Member(member, archive.read(number)))
        except ImageError as error:
            found.append(Member(member, error=error.message))
    return found


def _key(member: Member) -> str | None:
    return member.error.key if member.error else None


def _sentences(data: bytes) -> list[str]:
    try:
        return [str(member.error) for member in members(data)]
    except ImageError as error:
        return [str(error)]


def test_pictures_are_unpacked_unchanged_and_in_order() -> None:
    picture = photograph(7)
    data = _zipped(("7/b.png", picture), ("a.png", b"two"))

    assert is_archive(data)
    assert [(m.name, m.content, m.error) for m in members(data)] == [
        ("7/b.png", picture, None),
        ("a.png", b"two", None),
    ]


def test_folders_hidden_files_and_files_of_the_operating_system_are_left_out() -> None:
    data = _zipped(
        ("x/", b""), ("__MACOSX/._a.png", b"m"), (".hidden", b"h"), ("x/.DS_Store", b"d"), ("a.png", b"a")
    )

    assert [member.name for member in members(data)] == ["a.png"]


def test_an_empty_archive_has_no_members() -> None:
    data = _zipped()

    assert is_archive(data)
    assert list(members(data)) == []


def test_a_bomb_is_refused_before_it_is_inflated_and_the_rest_is_read() -> None:
    data = _zipped(("bomb.png", bytes(30 * 2**20)), ("good.png", b"good"))
    assert len(data) < 50_000

    tracemalloc.start()
    found = list(members(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert _key(found[0]) == "images.member_too_large"
    assert found[1].content == b"good"
    assert peak < 2 * 2**20


def test_a_bomb_with_a_false_size_is_inflated_no_further_than_that_size() -> None:
    data = bytearray(_zipped(("bomb.png", bytes(30 * 2**20)), ("good.png", b"good")))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + place
        data[at : at + 4] = struct.pack("<I", 1000)

    tracemalloc.start()
    found = list(members(bytes(data)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert _key(found[0]) == "images.member_damaged"
    assert found[1].content == b"good"
    assert peak < 2 * 2**20


def test_an_archive_with_too_many_members_or_bytes_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = _zipped(*((f"{i}.png", b"") for i in range(archive.MAX_MEMBERS + 1)))
    with pytest.raises(ImageError) as caught:
        members(many, "many.zip")
    assert caught.value.message.key == "images.archive_of_too_many"

    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 10)
    with pytest.raises(ImageError) as caught:
        members(_zipped(("a", b"123456"), ("b", b"123456")))
    assert caught.value.message.key == "images.archive_too_large"


def test_an_archive_inside_an_archive_is_refused_unopened() -> None:
    data = _zipped(("inner.zip", _zipped(("a.png", b"a"))), ("b.png", b"b"))

    nested, other = members(data)

    assert _key(nested) == "images.archive_in_archive"
    assert not nested.content
    assert other.content == b"b"


def test_an_encrypted_member_is_refused_and_the_other_is_read() -> None:
    data = bytearray(_zipped(("secret.png", b"secret"), ("b.png", b"b")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1

    secret, other = members(bytes(data))

    assert _key(secret) == "images.member_locked"
    assert other.content == b"b"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_methods_without_a_limit_are_refused(method: int) -> None:
    (member,) = members(_zipped(("a.png", bytes(10_000)), method=method))

    assert _key(member) == "images.member_compression"


def test_a_damaged_member_is_refused_and_the_other_is_read() -> None:
    data = bytearray(_zipped(("bad.png", b"something"), ("b.png", b"b"), method=zipfile.ZIP_STORED))
    data[data.index(b"something")] ^= 255

    bad, other = members(bytes(data))

    assert _key(bad) == "images.member_damaged"
    assert other.content == b"b"


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_archive_gives_members_or_errors_of_one_line(place: int, byte: int) -> None:
    data = bytearray(_zipped(("a.png", b"some content"), ("b.png", bytes(100))))
    place %= len(data)
    data[place] = byte
    for broken in (bytes(data), bytes(data[:place])):
        assert all("\n" not in sentence for sentence in _sentences(broken))


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("..\\..\\a.png", "a.png"),
        ("a/./b//c.png", "a/b/c.png"),
        ("a\n\x1b[31m.png", "a  [31m.png"),
    ],
)
def test_a_printable_path_stays_within_its_folder(name: str, harmless: str) -> None:
    assert printable_path(name) == harmless


@given(st.text(max_size=200))
def test_any_name_becomes_a_short_printable_path_without_a_way_out(name: str) -> None:
    found = printable_path(name)

    assert found.isprintable()
    assert len(found) <= 100
    assert not found.startswith("/")
    assert ".." not in found.split("/")
