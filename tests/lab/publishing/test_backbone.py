from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from core.bundles.bundle import Bundle, open_bundle
from core.inference.classifier import Classifier
from core.lab.models.efficientnet_lite import BlockRun, efficientnet_lite0
from core.lab.publishing.backbone import publish_backbone
from core.lab.publishing.everyday_words import NamedClass

CLASSES = tuple(NamedClass(f"n{k}", f"name {k}", "cat" if k < 2 else "dog") for k in range(4))
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(2)
    return efficientnet_lite0((32, 32, 3), 4, stages=(BlockRun(1, 3, 2, 2, 8),), head=16)


@pytest.fixture(scope="module")
def bundle(model: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder: Path = tmp_path_factory.mktemp("bundles") / "backbone"
    publish_backbone(model, CLASSES, folder, temperature=0.8)
    return open_bundle(folder)


def test_litert_and_the_stored_model_answer_nearly_as_the_model_itself(model, bundle):
    expected = np.asarray(model(bundle.card.preprocessing.to_input(IMAGES)))
    limit = 0.05 * np.abs(expected).max()
    assert np.abs(Classifier(bundle).logits(IMAGES) - expected).max() <= limit
    stored = keras.models.load_model(bundle.folder / "model.keras", safe_mode=True)
    found = np.asarray(stored(bundle.card.preprocessing.to_input(IMAGES)))
    assert 0 < np.abs(found - expected).max() <= limit / 10


def test_the_card_has_names_words_licence_and_the_last_maps_beside_the_features(bundle):
    card = bundle.card
    assert card.classes == ("name 0", "name 1", "name 2", "name 3")
    assert card.words == ("cat", "cat", "dog", "dog")
    assert set(card.activations) == {"head", "features", "logits"}
    assert card.activations["features"] == (16,)
    assert card.temperature == 0.8
    assert card.licence
    assert card.source.startswith("https://")
