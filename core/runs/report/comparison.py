"""Compare runs: the settings in which they differ, their results, and their figures in one table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.contract import architectures as models
from core.contract import config as configs
from core.contract.config import TrainingConfig
from core.errors import LabError
from core.language import gettext
from core.runs.report.history import STEP_FIGURES, History
from core.runs.store.run import Run
from core.runs.store.status import Status
from core.spreadsheets import plain_cell

MAX_RUNS = 8  # runs in one chart: as many as there are colours


@dataclass(frozen=True)
class Entry:
    """A run in a comparison."""

    name: str  # unique in a comparison
    config: TrainingConfig
    status: Status
    history: History


def entries(runs: Sequence[Run], histories: Sequence[History]) -> list[Entry]:
    """Return the runs with unique names.

    Raises:
        LabError: when a run's folder is damaged.
    """
    found: list[Entry] = []
    for run, history in zip(runs, histories, strict=True):
        config, status = run.config, run.status()
        name = status.name or gettext(models.get(config.architecture).title)
        alike = sum(entry.name == name or entry.name.startswith(f"{name} (") for entry in found)
        found.append(Entry(f"{name} ({alike + 1})" if alike else name, config, status, history))
    return found


def differing(compared: Sequence[TrainingConfig]) -> list[str]:
    """Return the settings in which configurations differ, including those that only some of them have."""
    settings = [configs.to_dict(config) for config in compared]
    names = dict.fromkeys(name for values in settings for name in values)
    return [name for name in names if len({repr(values.get(name, ...)) for values in settings}) > 1]


def tried(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return a row for each run that has a test accuracy: the settings that differ, then the accuracy.

    Runs without it, damaged ones, and settings that some of the others lack are left out.
    """
    found: list[tuple[TrainingConfig, float]] = []
    for run in runs:
        with suppress(LabError):
            accuracy = run.status().metrics.get("test_accuracy")
            if accuracy is not None:
                found.append((run.config, accuracy))
    settings = [configs.to_dict(config) for config, _ in found]
    names = [
        name
        for name in differing([config for config, _ in found])
        if all(values.get(name) is not None for values in settings)
    ]
    return [
        {**{name: values[name] for name in names}, "test_accuracy": accuracy}
        for values, (_, accuracy) in zip(settings, found, strict=True)
    ]


def table(compared: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return one row per run by id: the settings that differ, then its results; None without a value."""
    names = differing([entry.config for entry in compared])
    return [_row(entry, names) for entry in compared]


def _row(entry: Entry, names: Sequence[str]) -> dict[str, Any]:
    settings, history = configs.to_dict(entry.config), entry.history
    epochs, started = history.epochs, history.started
    return {
        "run": entry.name,
        **{name: settings.get(name) for name in names},
        "test_accuracy": entry.status.metrics.get("test_accuracy"),
        "validation_accuracy": epochs[-1].validation_accuracy if epochs else None,
        "parameters": started.parameters if started else None,
        "steps": history.step,
        "seconds": round(history.seconds, 1),
        "images_per_second": _mean_speed(entry),
    }


def _mean_speed(entry: Entry) -> int | None:
    """Return images per second over the whole training."""
    history, started = entry.history, entry.history.started
    if not history.seconds or not started:
        return None
    batch = min(entry.config.batch_size, started.train_images)
    return round(history.step * batch / history.seconds)


def as_csv(compared: Sequence[Entry]) -> bytes:
    """Return all figures of all runs as CSV in UTF-8, one line per run and step."""
    names = [n for n in STEP_FIGURES if any(entry.history.by_step.get(n) for entry in compared)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["run", "name", "step", "seconds", *names, "validation_loss", "validation_accuracy"])
    for entry in compared:
        history = entry.history
        validated = {epoch.step: epoch for epoch in history.epochs}
        columns = [history.by_step.get(name, ()) for name in names]
        for step, seconds in enumerate(history.seconds_by_step().tolist(), 1):
            epoch = validated.get(step)
            values = [column[step - 1] if step <= len(column) else "" for column in columns]
            ends = [getattr(epoch, n, "") for n in ("validation_loss", "validation_accuracy")]
            writer.writerow([history.run.id, plain_cell(entry.name), step, round(seconds, 4), *values, *ends])
    return text.getvalue().encode()


def measures(compared: Sequence[Entry]) -> list[str]:
    """Return the figures that some run has and that can be compared, validation first."""
    validated = any(entry.history.epochs for entry in compared)
    by_step = [n for n in STEP_FIGURES if any(len(entry.history.by_step.get(n, ())) for entry in compared)]
    return [*(("validation_accuracy", "validation_loss") if validated else ()), *by_step]


def curve(entry: Entry, measure: str, by_time: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return a figure of a run: its x values (steps, or seconds of training) and its y values."""
    history = entry.history
    if measure.startswith("validation"):
        x = [epoch.seconds if by_time else epoch.step for epoch in history.epochs]
        return np.array(x, float), np.array([getattr(epoch, measure) for epoch in history.epochs], float)
    y = np.asarray(history.by_step.get(measure, ()), float)
    return history.seconds_by_step()[: len(y)] if by_time else np.arange(1.0, len(y) + 1), y
