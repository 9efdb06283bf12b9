"""What a run's record gives to other programs: its figures as a table, its configuration as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from core.runs.history import STEP_FIGURES, History
from core.runs.run import Run
from core.training import config as configs


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


def _at(values: Sequence[float], step: int) -> float | str:
    return values[step - 1] if step <= len(values) else ""
