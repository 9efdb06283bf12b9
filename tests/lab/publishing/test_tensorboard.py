from __future__ import annotations

from pathlib import Path

import pytest
import tensorflow as tf

from core.contract.config import ClassifierConfig
from core.contract.events import ClassifierSteps, EpochEnd
from core.lab.publishing.tensorboard import write
from core.runs import Run, RunStore
from core.runs.report.history import History

HOUR = 3600.0
END = 1_700_000_000.0


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a run of two steps with an hour of training each."""
    run = RunStore(tmp_path / "home").create(ClassifierConfig())
    for step in (1, 2):
        run.record.append(ClassifierSteps(step, [1.0], [0.5], [0.1], 9.0, step * HOUR))
    run.record.append(EpochEnd(1, 2, 0.9, 0.6, 2 * HOUR))
    return run


def clock(run: Run, folder: Path) -> dict[tuple[str, int], float]:
    """Return the recorded time of each split's steps."""
    write(History(run).refresh(), folder)
    return {
        (file.parent.name, event.step): event.wall_time
        for file in folder.glob("*/events.out.tfevents.*")
        for event in tf.compat.v1.train.summary_iterator(str(file))
        if event.summary.value
    }


def test_the_time_of_a_step_is_the_start_plus_its_seconds_of_training(run, tmp_path):
    run.write_status(state="finished", started=END - 3 * HOUR, ended=END)
    assert clock(run, tmp_path / "logs") == {
        ("train", 1): END - 2 * HOUR,
        ("train", 2): END - HOUR,
        ("validation", 2): END - HOUR,
    }


def test_no_step_of_a_resumed_run_is_later_than_its_end(run, tmp_path):
    run.write_status(state="finished", started=END - 60, ended=END)  # the start of its second worker
    assert clock(run, tmp_path / "logs") == {
        ("train", 1): END - HOUR,
        ("train", 2): END,
        ("validation", 2): END,
    }
