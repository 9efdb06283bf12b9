from __future__ import annotations

import keras
import numpy as np
import pytest

from core.contract.config import ClassifierConfig
from core.contract.dataset_info import OFFLINE_DEFAULT
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.lab.training import warm_up
from core.lab.training.classifier_training import ClassifierTraining

pytestmark = pytest.mark.usefixtures("small_deep")


def trained(stripes: Dataset) -> keras.Model:
    training = ClassifierTraining(ClassifierConfig(architecture="deep", epochs=1, batch_size=66), stripes)
    assert list(training)
    return training.model


def test_a_training_after_a_warm_up_is_the_same_bit_for_bit(
    stripes: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm_up, "DRAWN", 200)
    drawn = registry.load(OFFLINE_DEFAULT, train_size=200)
    cold = trained(stripes)

    warm_up.warm_up()
    warm = trained(stripes)

    assert [layer.name for layer in warm.layers] == [layer.name for layer in cold.layers]
    for one, other in zip(warm.get_weights(), cold.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    ahead = registry.load(OFFLINE_DEFAULT, train_size=200)
    for name in ("x_train", "y_train", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(ahead, name), getattr(drawn, name))
    assert ahead.x_test is registry.load(OFFLINE_DEFAULT, train_size=300).x_test  # cached, not drawn again
