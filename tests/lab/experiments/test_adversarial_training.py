from __future__ import annotations

import numpy as np
import pytest

from core.datasets import registry
from core.datasets.dataset import Dataset
from core.datasets.synthetic.handwriting import render
from core.lab.experiments.adversarial_training import trained_networks
from core.lab.experiments.picture_gradients import attacked
from core.lab.models import factory
from core.remedies.adversarial_training import ADVERSARIAL, PLAIN, AdversarialSettings
from tests.lab.small_networks import small_cnn

LABELS = (np.arange(120) % 10).astype(np.uint8)
SETTINGS = AdversarialSettings(architecture="lenet5", steps=100, batch_size=20, strength=32, seed=1)


def test_a_network_that_saw_attacked_pictures_withstands_more_of_its_own_attack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(factory.CLASSIFIERS, SETTINGS.architecture, small_cnn)
    images = render(LABELS, 3)[..., None]
    data = Dataset(registry.describe("mnist"), images, LABELS, images, LABELS)

    found = trained_networks(SETTINGS, data)

    right = {
        name: training.accuracy(attacked(training.model, images, LABELS, 32 / 255, "fgsm"), LABELS)
        for name, training in found.items()
    }
    assert found[PLAIN].accuracy(images, LABELS) > 0.8
    assert right[ADVERSARIAL] > right[PLAIN]
