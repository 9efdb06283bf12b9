"""Several modules: a resumed run ends with the weights of an uninterrupted one, bit for bit.

tests/runs/test_resume.py resumes small networks, in other processes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.contract.config import ClassifierConfig, GanConfig
from core.contract.events import ClassifierSteps, GanSteps
from core.contract.learning_rates import RateChange
from core.lab.training import classifier_training
from core.lab.training.classifier_training import ClassifierTraining
from core.lab.training.gan_training import GanTraining

CHANGES = (RateChange(2, 0.5), RateChange(12, 2.0))  # of the learning rates, before and after the checkpoint
CONFIGS = {
    "cnn": ClassifierConfig(
        architecture="deep",  # dropout, batch normalisation
        augmentation="photo",
        outliers=0.5,
        weight_average=0.9,
        optimizer="muon",
        epochs=3,
        small_epochs=1,
        batch_size=16,
    ),
    "rnn": ClassifierConfig(
        family="rnn", architecture="lstm", augmentation="affine", epochs=3, batch_size=16
    ),
    "gan": GanConfig(architecture="colour_dcgan", latent_size=8, translation=2, epochs=3, batch_size=16),
}


def start(config: Any, data: Any) -> Any:
    return GanTraining(config, data) if config.family == "gan" else ClassifierTraining(config, data)


def run(training: Any, checkpoint: Path | None = None, chunks: int = 3) -> list[float]:
    """Train to the end, save after a number of chunks, and return the losses of the steps."""
    training.steer(None, CHANGES)
    losses: list[float] = []
    for event in training:
        if isinstance(event, ClassifierSteps | GanSteps):
            losses += event.loss if isinstance(event, ClassifierSteps) else event.generator_loss
            chunks -= 1
            if checkpoint and chunks == 0:
                training.save(checkpoint)
    return losses


@pytest.mark.parametrize("name", CONFIGS)
def test_a_resumed_training_ends_as_an_uninterrupted_one_bit_for_bit(name, stripes, tmp_path, monkeypatch):
    monkeypatch.setattr(classifier_training, "DRAWINGS", 20)
    whole = start(CONFIGS[name], stripes)
    losses = run(whole, tmp_path)
    resumed = start(CONFIGS[name], stripes)
    resumed.restore(tmp_path)
    saved_at = resumed.step
    assert 0 < saved_at < whole.total_steps
    assert run(resumed) == losses[saved_at:]
    differing = [
        variable.path
        for variable, other in zip(whole.state(), resumed.state(), strict=True)
        if not np.array_equal(variable, other)
    ]
    assert differing == []
