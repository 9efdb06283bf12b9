from __future__ import annotations

import dataclasses

import numpy as np

from core.datasets import registry
from core.lab.training import classification_accuracy_score as module


def test_images_of_16_pixels_can_teach_the_network_whose_logits_depend_linearly_on_its_features(monkeypatch):
    monkeypatch.setattr(module, "EPOCHS", 1)
    whole = registry.load("pixel_faces", train_size=64)
    data = dataclasses.replace(whole, x_test=whole.x_test[:10], y_test=whole.y_test[:10])
    taught = module.ScoredClassifier(data.x_train, data.y_train, data)
    features = taught.features(whole.x_test[:200])
    assert features.shape == (200, 64)
    with_constant = np.column_stack([features, np.ones(len(features))])
    logits = taught.logits(whole.x_test[:200])
    found = np.linalg.lstsq(with_constant, logits, rcond=None)[0]
    assert np.abs(with_constant @ found - logits).max() < 1e-3
