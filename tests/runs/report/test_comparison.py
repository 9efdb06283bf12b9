from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest

from core.contract.config import ClassifierConfig, GanConfig, TrainingConfig
from core.contract.events import ClassifierSteps, EpochEnd, GanSteps, Started
from core.runs import Run, RunStore
from core.runs.report import comparison
from core.runs.report.comparison import Entry
from core.runs.report.history import History


def entries(*runs: Run) -> list[Entry]:
    return comparison.entries(runs, [History(run).refresh() for run in runs])


@pytest.fixture
def trained(store: RunStore):
    """Return a function that makes a run of four steps in two chunks, which took two seconds."""

    def made(config: TrainingConfig, name: str = "", **status: Any) -> Run:
        run = store.create(config, name=name)
        run.record.append(Started(10, 640, 60, 4, 4))
        run.record.append(ClassifierSteps(3, [4.0, 3.0, 2.0], [0.1, 0.2, 0.3], [0.1] * 3, 99.0, 1.5))
        run.record.append(ClassifierSteps(4, [1.0], [0.5], [0.1], 99.0, 2.0))
        run.record.append(EpochEnd(1, 4, 0.9, 0.6, 2.0))
        run.write_status(**status)
        return run

    return made


def test_differing_settings_include_those_that_only_one_family_has():
    one, other = ClassifierConfig(epochs=3), ClassifierConfig(epochs=5, seed=1)
    assert comparison.differing([one, other]) == ["epochs", "seed"]
    assert comparison.differing([one, one]) == []
    assert {"family", "latent_size", "learning_rate"} <= set(comparison.differing([one, GanConfig()]))


def test_the_table_shows_differing_settings_and_results(trained):
    runs = (
        trained(ClassifierConfig(epochs=1), metrics={"test_accuracy": 0.7}),
        trained(ClassifierConfig(epochs=2)),
    )
    first, second = comparison.table(entries(*runs))
    assert first == {
        "run": "The tutorial's CNN",
        "epochs": 1,
        "test_accuracy": 0.7,
        "validation_accuracy": 0.6,
        "parameters": 10,
        "steps": 4,
        "seconds": 2.0,
        "images_per_second": 128,  # 4 steps of 64 in 2 seconds
    }
    assert (second["run"], second["epochs"], second["test_accuracy"]) == ("The tutorial's CNN (2)", 2, None)


def test_a_run_that_has_not_begun_also_has_a_row(store):
    (row,) = comparison.table(entries(store.create(ClassifierConfig())))
    assert (row["steps"], row["parameters"]) == (0, None)
    assert (row["images_per_second"], row["validation_accuracy"]) == (None, None)


def test_names_of_compared_runs_are_unique(trained):
    config = ClassifierConfig()
    runs = [trained(config, name) for name in ("mine", "mine", "", "mine")]
    assert [entry.name for entry in entries(*runs)] == ["mine", "mine (2)", "The tutorial's CNN", "mine (3)"]


def test_a_curve_runs_over_steps_or_over_seconds_of_training(trained):
    (entry,) = entries(trained(ClassifierConfig()))
    for by_time, where in ((False, [1, 2, 3, 4]), (True, [0.5, 1.0, 1.5, 2.0])):
        x, y = comparison.curve(entry, "loss", by_time)
        assert (x.tolist(), y.tolist()) == (pytest.approx(where), [4.0, 3.0, 2.0, 1.0])
    x, y = comparison.curve(entry, "validation_accuracy", True)
    assert (x.tolist(), y.tolist()) == ([2.0], [0.6])
    assert [len(part) for part in comparison.curve(entry, "d_real", False)] == [0, 0]


def test_the_measures_offered_are_those_that_some_run_has(trained, store):
    gan = store.create(GanConfig())
    gan.record.append(GanSteps(1, [1.0], [1.0], [0.5], [0.5], 9.0, 1.0))
    found = comparison.measures(entries(trained(ClassifierConfig()), gan))
    assert found[:4] == ["validation_accuracy", "validation_loss", "loss", "accuracy"]
    assert {"d_real", "d_fake", "generator_loss"} <= set(found)
    assert comparison.measures([]) == []


def test_the_csv_has_a_line_for_each_run_and_step_and_no_formula(trained):
    runs = trained(ClassifierConfig()), trained(ClassifierConfig(), "=1+1")
    lines = list(csv.DictReader(io.StringIO(comparison.as_csv(entries(*runs)).decode())))
    assert [line["step"] for line in lines] == ["1", "2", "3", "4"] * 2
    assert [line["run"] for line in lines] == [runs[0].id] * 4 + [runs[1].id] * 4
    assert [float(line["loss"]) for line in lines[:4]] == [4.0, 3.0, 2.0, 1.0]
    assert [line["validation_accuracy"] for line in lines[:4]] == ["", "", "", "0.6"]
    assert lines[4]["name"] == "'=1+1"
    assert np.isclose(float(lines[0]["seconds"]), 0.5)


def test_tried_runs_are_those_with_a_result_and_settings_that_all_of_them_have(trained: Any) -> None:
    runs = [
        trained(ClassifierConfig(epochs=epochs), metrics={"test_accuracy": epochs / 10}) for epochs in (1, 2)
    ]
    runs.append(trained(ClassifierConfig(epochs=3)))
    found = comparison.tried(runs)
    assert found == [{"epochs": 1, "test_accuracy": 0.1}, {"epochs": 2, "test_accuracy": 0.2}]
