from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from core.errors import RunError
from core.runs.store import files


def test_a_json_object_is_replaced_and_read_back(tmp_path: Path) -> None:
    for values in ({"a": 1}, {"b": [2.5, None]}):
        files.replace_json(tmp_path / "x.json", values)
        assert files.read_json(tmp_path / "x.json") == values
    assert os.listdir(tmp_path) == ["x.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 10**5])
def test_the_error_for_a_damaged_file_names_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(RunError) as caught:
        files.read_json(tmp_path / "x.json")
    assert (caught.value.message.key, caught.value.message.values) == (
        "runs.damaged_file",
        {"name": "x.json"},
    )


def test_an_incomplete_line_is_ended_before_the_next(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"one\ntw")
    files.append_line(path, b"three")
    assert path.read_bytes() == b"one\ntw\nthree\n"


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (errno.ENOSPC, "runs.disk_full"),
        (errno.EDQUOT, "runs.disk_full"),
        (errno.EROFS, "runs.forbidden"),
        (errno.EACCES, "runs.forbidden"),
        (errno.EIO, "runs.unwritable"),
    ],
)
def test_errors_of_the_operating_system_become_errors_of_the_run(tmp_path: Path, code: int, key: str) -> None:
    with pytest.raises(RunError) as caught, files.run_errors(tmp_path):
        raise OSError(code, os.strerror(code))
    assert caught.value.message.key == key
    assert isinstance(caught.value, files.DiskFullError) == (key == "runs.disk_full")
