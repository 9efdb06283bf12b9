"""What a run gives to other programs: its figures as a table, its model and record in other forms."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from core.contract import config as configs
from core.errors import RunError
from core.runs.report.history import STEP_FIGURES, History
from core.runs.store import files, locks
from core.runs.store.run import Run

CONVERTED = {
    "saved_model": "saved_model.zip",
    "onnx": "model.onnx",
    "tensorboard": "tensorboard.zip",
    "script": "script.zip",
}
PATIENCE = 300  # seconds

_ERROR = "Error: "  # begins what a command of ours says, which libraries may talk into
_UNTOLD = "The file could not be made, perhaps for want of memory; try again when less is under way."

_ROOT = Path(__file__).resolve().parents[3]


def metrics_csv(history: History) -> bytes:
    """The record as CSV in UTF-8: a line a step, from step 1 on, and an epoch's validation at its last step.

    Figures that the family does not have, and cells without a value, are left out or empty.
    """
    names = [name for name in STEP_FIGURES if history.by_step.get(name)]
    validated = {epoch.step: epoch for epoch in history.epochs}
    extra = ["validation_loss", "validation_accuracy"] if validated else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", *names, *extra])
    steps = max((len(history.by_step[name]) for name in names), default=0)
    for step in range(1, steps + 1):
        epoch = validated.get(step)
        figures = [_at(history.by_step[name], step) for name in names]
        writer.writerow([step, *figures, *(getattr(epoch, name, "") for name in extra)])
    return text.getvalue().encode()


def config_json(run: Run) -> bytes:
    """The configuration as a file that ``python -m core train --config`` reads.

    Raises:
        ConfigError: when the run's own was damaged.
    """
    return (json.dumps(configs.to_dict(run.config), indent=1) + "\n").encode()


def model(run: Run, name: str) -> bytes:
    """One of the files of the run's bundle.

    Raises:
        RunError: when it cannot be read.
    """
    try:
        return (run.bundle / name).read_bytes()
    except OSError as error:
        raise RunError(
            f"The run's {name} cannot be read; reload the page to see whether the run is still there."
        ) from error


def can_convert_to_onnx() -> bool:
    """Whether the converter is installed; it is no part of the app's own requirements."""
    return all(importlib.util.find_spec(name) for name in ("tf2onnx", "onnx"))


def converted(run: Run, form: str) -> bytes:
    """The run as one of ``CONVERTED``, made by a child process (TensorFlow needs half a gigabyte), and kept.

    Raises:
        RunError: when it cannot be made.
    """
    made = run.folder / "exports" / CONVERTED[form]
    with files.run_errors(run.folder):
        made.parent.mkdir(exist_ok=True)
        with locks.exclusive(run.home / ".exports"):
            if not made.is_file() or made.stat().st_mtime < run.record.file.stat().st_mtime:
                _convert(run, form, made)
            return made.read_bytes()


def _convert(run: Run, form: str, made: Path) -> None:
    command = [sys.executable, "-m", "core", "export", str(run.folder), "--format", form, "--out", str(made)]
    try:
        done = subprocess.run(
            command, cwd=_ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RunError(f"The file was not ready after {PATIENCE} seconds; try again later.") from error
    if done.returncode != 0:
        told = [line for line in done.stderr.splitlines() if line.startswith(_ERROR)]
        raise RunError(told[-1].removeprefix(_ERROR) if told else _UNTOLD)


def _at(values: Sequence[float], step: int) -> float | str:
    return values[step - 1] if step <= len(values) else ""
