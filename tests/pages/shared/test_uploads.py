"""Uploaded files wait on disk."""

from __future__ import annotations

import io
import weakref
from collections.abc import Sequence
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec

from pages.parts.shared import uploads


class FullDisk(io.BytesIO):
    def write(self, content: Any) -> int:
        raise OSError(28, "No space left on device")


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def uploaded(*contents: bytes) -> Sequence[UploadedFile]:
    records = [UploadedFileRec(f"id {i}", f"{i}.png", "image/png", c) for i, c in enumerate(contents)]
    return [UploadedFile(record, None) for record in records]  # type: ignore[arg-type]


def test_contents_are_found_again_in_any_order() -> None:
    files = uploads.move_to_disk(uploaded(b"one", b"", b"three"))

    assert [file.name for file in files] == ["0.png", "1.png", "2.png"]
    assert [file.content for file in reversed(files)] == [b"three", b"", b"one"]


def test_earlier_files_stay_when_another_is_added() -> None:
    uploads.move_to_disk(uploaded(b"one"))

    files = uploads.move_to_disk(uploaded(b"", b"two"))  # of the first, Streamlit keeps the name alone

    assert [file.content for file in files] == [b"one", b"two"]


def test_nothing_is_kept_once_all_files_are_removed(session: dict[str, Any]) -> None:
    uploads.move_to_disk(uploaded(b"one"))
    assert session

    assert uploads.move_to_disk([]) == []
    assert not session


def test_a_file_that_a_restarted_server_no_longer_has_is_left_out() -> None:
    files = uploads.move_to_disk([DeletedFile("gone"), *uploaded(b"one")])

    assert [file.content for file in files] == [b"one"]


def test_on_a_full_disk_the_contents_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads.tempfile, "TemporaryFile", FullDisk)
    brought = uploaded(b"one")

    (file,) = uploads.move_to_disk(brought)

    assert file.content == brought[0].getvalue() == b"one"


def test_the_key_of_a_file_in_memory_follows_from_its_content() -> None:
    one, same, other = (uploads.File.of("a.png", content) for content in (b"1", b"1", b"2"))

    assert one.key == same.key != other.key
    assert one.content == b"1"


def test_on_disk_as_in_memory_a_file_tells_whether_it_is_an_archive() -> None:
    contents = (b"PK\x03\x04 and more", b"no archive")

    for files in (uploads.move_to_disk(uploaded(*contents)), [uploads.File.of("a", c) for c in contents]):
        assert [file.is_archive for file in files] == [True, False]


def test_the_contents_are_freed_at_once_with_their_session(session: dict[str, Any]) -> None:
    uploads.move_to_disk(uploaded(b"one"))
    files = weakref.ref(session[uploads.STORE.format(uploader="pictures")])

    session.clear()

    assert files() is None, "the file keeps its space on the disk until it is collected"


def test_a_session_has_a_limit_and_files_that_are_taken_back_make_room(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(uploads, "show_error", lambda error: shown.append(error.message.key))
    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    other = uploads.move_to_disk(uploaded(b"1234"), "another uploader")
    first, second, third = uploaded(b"aaa", b"bbbbbb", b"c")

    files = uploads.move_to_disk([first, second, third])
    assert [file.content for file in files] == [b"aaa", b"c"]
    uploads.show_refused()
    uploads.show_refused("another uploader")
    assert shown == ["pages.uploads_full"]
    assert uploads.move_to_disk([first, second, third])[1].content == b"c", "and so it stays"

    later = uploaded(b"aaa", b"bbbbbb", b"c", b"dddd")[3]
    files = uploads.move_to_disk([third, later])
    assert [file.content for file in files] == [b"c", b"dddd"]
    assert other[0].content == b"1234"
    uploads.show_refused()
    assert len(shown) == 1
