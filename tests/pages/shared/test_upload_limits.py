"""Uploads that no page has moved to the disk are limited."""

from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from pages.parts.shared import upload_limits


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """Return Streamlit's manager with limits of 10 bytes and 3 files a session, and 21 bytes in all."""
    monkeypatch.setattr(upload_limits, "MAX_BYTES", 10)
    monkeypatch.setattr(upload_limits, "MAX_FILES", 3)
    made = MemoryUploadedFileManager("/upload")
    made.add_file = upload_limits.limited(made, 21)  # type: ignore[method-assign]
    return made


def record(key: str, size: int) -> UploadedFileRec:
    return UploadedFileRec(key, f"{key}.png", "image/png", bytes(size))


def test_a_session_may_upload_up_to_its_limit_of_bytes(manager: MemoryUploadedFileManager) -> None:
    manager.add_file("one", record("a", 6))
    with pytest.raises(HTTPException) as refused:
        manager.add_file("one", record("b", 5))
    assert refused.value.status_code == 413
    manager.add_file("one", record("a", 0))  # it has been moved to the disk
    manager.add_file("one", record("b", 5))
    assert [len(file.data) for file in manager.get_files("one", ["a", "b"])] == [0, 5]


def test_a_session_may_upload_so_many_files(manager: MemoryUploadedFileManager) -> None:
    for key in "abc":
        manager.add_file("one", record(key, 0))
    with pytest.raises(HTTPException):
        manager.add_file("one", record("d", 0))
    manager.add_file("two", record("d", 0))


def test_all_sessions_together_have_a_limit_too(manager: MemoryUploadedFileManager) -> None:
    manager.add_file("one", record("a", 9))
    manager.add_file("two", record("a", 9))
    with pytest.raises(HTTPException):
        manager.add_file("three", record("a", 9))
    manager.remove_session_files("one")
    manager.add_file("three", record("a", 9))


def test_one_session_leaves_half_of_the_room_to_others() -> None:
    manager = MemoryUploadedFileManager("/upload")
    manager.add_file = upload_limits.limited(manager, 20)  # type: ignore[method-assign]
    with pytest.raises(HTTPException):
        manager.add_file("one", record("a", 11))
    manager.add_file("one", record("a", 10))
