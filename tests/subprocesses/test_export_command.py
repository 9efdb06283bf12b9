from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from core.errors import RunError
from core.subprocesses import export_command


@pytest.mark.parametrize(
    ("code", "written", "key"),
    [
        (1, '{"key": "commands.no_steps", "values": {}}', "commands.no_steps"),
        (1, "{", "subprocesses.export_failed"),
        (1, "[]", "subprocesses.export_failed"),
        (-9, None, "subprocesses.export_failed"),
    ],
)
def test_the_error_of_a_failed_export_arrives_as_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, written: str | None, key: str
) -> None:
    def failed(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        if written is not None:
            Path(command[command.index("--error-file") + 1]).write_text(written)
        return subprocess.CompletedProcess(command, code, "", "I0000 oneDNN custom operations are on.")

    monkeypatch.setattr(export_command.subprocess, "run", failed)
    with pytest.raises(RunError) as caught:
        export_command.export_in_child(tmp_path, "onnx", tmp_path / "model.onnx", RunError)
    assert caught.value.message.key == key
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_takes_too_long_is_ended_and_told(tmp_path, monkeypatch):
    def late(command: list[str], timeout: float, **_: object) -> None:
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(export_command.subprocess, "run", late)
    with pytest.raises(RunError) as caught:
        export_command.export_in_child(tmp_path, "onnx", tmp_path / "model.onnx", RunError)
    assert caught.value.message.key == "subprocesses.export_timeout"
