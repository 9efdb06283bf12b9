from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from core.contract import config as configs
from core.contract.config import ClassifierConfig, GanConfig
from core.contract.events import ClassifierSteps, EpochEnd, GanSteps
from core.errors import RunError
from core.runs import RunStore
from core.runs.report.history import History
from core.runs.report.run_downloads import config_json, metrics_csv, model


def test_each_step_is_a_line_and_each_epoch_is_on_the_line_of_its_last_step(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(ClassifierConfig())
    run.record.append(ClassifierSteps(2, [2.0, 1.5], [0.1, 0.5], [0.01, 0.02], 100.0, 1.0))
    run.record.append(EpochEnd(1, 2, 1.25, 0.75, 1.0))
    run.record.append(ClassifierSteps(3, [1.0], [0.625], [0.03], 100.0, 2.0))

    lines = list(csv.DictReader(io.StringIO(metrics_csv(History(run).refresh()).decode())))

    assert [line["step"] for line in lines] == ["1", "2", "3"]
    assert [float(line["loss"]) for line in lines] == [2.0, 1.5, 1.0]
    assert [line["validation_accuracy"] for line in lines] == ["", "0.75", ""]


def test_a_gan_has_its_own_columns(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(GanConfig())
    run.record.append(GanSteps(1, [1.3], [0.7], [0.5], [0.4], 200.0, 1.0))

    head = metrics_csv(History(run).refresh()).decode().splitlines()[0]

    assert head == "step,discriminator_loss,generator_loss,d_real,d_fake"


def test_the_csv_of_a_run_without_steps_has_only_a_header(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(ClassifierConfig())

    assert metrics_csv(History(run).refresh()) == b"step\n"


def test_the_downloaded_configuration_is_read_back_equal(tmp_path: Path) -> None:
    config = GanConfig(latent_size=16, seed=7)
    (tmp_path / "file.json").write_bytes(config_json(RunStore(tmp_path).create(config)))

    assert configs.read(tmp_path / "file.json") == config


def test_a_model_that_was_deleted_meanwhile_is_reported_in_one_sentence(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(ClassifierConfig())
    run.bundle.mkdir()
    (run.bundle / "model.keras").write_bytes(b"a model")
    assert model(run, "model.keras") == b"a model"

    (run.bundle / "model.keras").unlink()
    with pytest.raises(RunError) as refused:
        model(run, "model.keras")
    assert refused.value.message.key == "runs.download_missing"
