"""Prepare a run for other programs: its figures as a table, its model and record in other formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from core.contract import config as configs
from core.errors import RunError
from core.runs.report.history import STEP_FIGURES, History
from core.runs.store import files, locks
from core.runs.store.run import Run
from core.subprocesses.export_command import export_in_child

CONVERTED = {
    "saved_model": "saved_model.zip",
    "onnx": "model.onnx",
    "tensorboard": "tensorboard.zip",
    "script": "script.zip",
}


def metrics_csv(history: History) -> bytes:
    """Return the record as CSV in UTF-8: one line per step, with an epoch's validation at its last step.

    Figures that the family does not have are left out; cells without a value are empty.
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
    """Return the configuration as a file that ``python -m core train --config`` reads.

    Raises:
        ConfigError: when the run's configuration is damaged.
    """
    return (json.dumps(configs.to_dict(run.config), indent=1) + "\n").encode()


def model(run: Run, name: str) -> bytes:
    """Return one of the files of the run's bundle.

    Raises:
        RunError: when it cannot be read.
    """
    try:
        return (run.bundle / name).read_bytes()
    except OSError as error:
        raise RunError("runs.download_missing", name=name) from error


def converted(run: Run, form: str) -> bytes:
    """Return the run as one of ``CONVERTED``, which a child process creates once: TensorFlow needs 0.5 GB.

    Raises:
        RunError: when it cannot be created.
    """
    made = run.folder / "exports" / CONVERTED[form]
    with files.run_errors(run.folder):
        made.parent.mkdir(exist_ok=True)
        with locks.exclusive(run.home / ".exports"):
            if not made.is_file() or made.stat().st_mtime < run.record.file.stat().st_mtime:
                export_in_child(run.folder, form, made, RunError)
            return made.read_bytes()


def _at(values: Sequence[float], step: int) -> float | str:
    return values[step - 1] if step <= len(values) else ""
