from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.datasets.synthetic.handwriting import render
from core.inference.classifier import Classifier
from core.lab.experiments import distillation
from core.lab.experiments.distillation import distilled
from core.lab.models import factory
from core.messages import Message
from core.remedies.distillation import STUDENT
from tests.lab.small_networks import small_cnn

LABELS = (np.arange(100) % 10).astype(np.uint8)


def test_a_small_network_learns_the_answers_of_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(factory.CLASSIFIERS, STUDENT, small_cnn)
    monkeypatch.setattr(distillation, "BATCH", 32)
    images = render(LABELS, 3)[..., None]
    data = Dataset(registry.describe("mnist"), images, 0 * LABELS, images, LABELS)  # the labels say nothing
    told: list[Message] = []

    training = distilled(
        Classifier(pretrained("plain_cnn")), data, 100, 1, lambda news, share: told.append(news)
    )

    assert training.metrics["test_accuracy"] > 0.3  # chance: 0.1
    assert [news.key for news in told] == ["remedies.asking_the_teacher", "remedies.teaching"]
