from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from core.bundles.bundle import open_bundle
from core.datasets import registry
from core.datasets.dataset import Dataset
from pages.parts.generate import local_dataset
from tests import avatar_bundle


def test_smaller_images_of_the_same_classes_stand_in_for_those_that_are_not_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = dataclasses.replace(open_bundle(avatar_bundle.FOLDER).card, dataset="large")
    info = dataclasses.replace(registry.describe("avatars"), name="small", shape=(12, 12, 3))
    levels = np.array([0, 100, 200], np.uint8)[:, None, None, None]
    images, labels = np.broadcast_to(levels, (3, 12, 12, 3)), np.zeros(3, np.uint8)
    small = Dataset(info, images, labels, images, labels)
    monkeypatch.setattr(local_dataset.datasets, "needs_download", lambda name: name == "large")
    monkeypatch.setattr(local_dataset.datasets, "load", lambda name, train_size: small)
    monkeypatch.setattr(local_dataset.datasets, "offered", lambda: [info])

    assert local_dataset.training_images(card) is small
    drawn = np.full((24, 24, 3), 103, np.uint8)
    assert local_dataset.nearest_training_image(drawn, "small") == (1, pytest.approx(3 * 432**0.5))


def test_pictures_of_a_class_set_are_shown_to_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, stripes: Dataset
) -> None:
    card = dataclasses.replace(open_bundle(avatar_bundle.FOLDER).card, dataset="own:abc")
    monkeypatch.setattr(local_dataset.datasets, "needs_download", lambda name: False)
    monkeypatch.setattr(local_dataset.datasets, "load", lambda name, train_size: stripes)
    monkeypatch.setattr(local_dataset.datasets, "offered", list)

    monkeypatch.setattr(local_dataset.own_class_sets, "own", list)
    assert local_dataset.test_images(card) is None

    monkeypatch.setattr(local_dataset.own_class_sets, "own", lambda: [SimpleNamespace(id="abc")])
    assert local_dataset.test_images(card) is stripes
