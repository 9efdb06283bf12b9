from __future__ import annotations

import numpy as np
import pytest

from core.contract.config import ClassifierConfig, GanConfig
from core.errors import DatasetError
from core.lab.training.classifier_training import ClassifierTraining
from core.lab.training.gan_training import GanTraining
from core.lab.training.start import start


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        (ClassifierConfig(dataset="rendered", train_size=100), ClassifierTraining),
        (
            ClassifierConfig(family="rnn", architecture="simple_rnn", dataset="rendered", train_size=100),
            ClassifierTraining,
        ),
        (GanConfig(dataset="rendered", train_size=100), GanTraining),
    ],
)
def test_a_configuration_starts_the_training_of_its_family_on_its_data(config, kind):
    heard = []
    training = start(config, lambda text, share: heard.append((text, share)))
    assert type(training) is kind
    assert training.data.info.name == "rendered"
    assert len(training.data.x_train) == 100
    assert heard[-1][1] == pytest.approx(1.0)


def test_too_many_images_are_refused_before_a_model_is_built(monkeypatch, tmp_path):
    arrays = {"x_train": (120, 28, 28), "x_test": (20, 28, 28), "y_train": (120,), "y_test": (20,)}
    np.savez(tmp_path / "mnist.npz", **{name: np.ones(shape, np.uint8) for name, shape in arrays.items()})
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", str(tmp_path))
    with pytest.raises(DatasetError) as refused:
        start(ClassifierConfig(dataset="mnist", train_size=5000))
    assert refused.value.message.key == "datasets.subset_size"
