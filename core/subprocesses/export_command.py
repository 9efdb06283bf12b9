"""Run ``python -m core export`` in a child process: TensorFlow needs 0.5 GB, which then is free again."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

from core import messages
from core.errors import LabError

TIMEOUT = 300  # seconds

_ROOT = Path(__file__).resolve().parents[2]


def can_convert_to_onnx() -> bool:
    """Return whether the converter is installed; the app itself does not require it."""
    return all(importlib.util.find_spec(name) for name in ("tf2onnx", "onnx"))


def export_in_child(source: Path, form: str, out: Path, error: type[LabError]) -> None:
    """Write what is in ``source`` in a format of the command ``export`` to the file ``out``.

    Raises:
        LabError: of the type ``error``, with the command's own sentence where it has one.
    """
    failure = out.with_name(f"{form}.error.json")
    command = [sys.executable, "-m", "core", "export", str(source), "--format", form, "--out", str(out)]
    try:
        done = subprocess.run(
            [*command, "--error-file", str(failure)],
            cwd=_ROOT,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
        if done.returncode != 0:
            raise _told(failure, error)
    except subprocess.TimeoutExpired as expired:
        raise error("subprocesses.export_timeout", seconds=TIMEOUT) from expired
    finally:
        failure.unlink(missing_ok=True)


def _told(failure: Path, error: type[LabError]) -> LabError:
    """Return the error that the child process wrote as a message, if it wrote one."""
    try:
        told = messages.from_json(json.loads(failure.read_bytes()))
    except (OSError, ValueError):
        return error("subprocesses.export_failed")
    key = told.key
    return error(key, **told.values)
