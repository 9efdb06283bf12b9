from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest

from core.bundles.bundle import open_bundle
from core.datasets.dataset import Dataset
from pages.parts.generate import local_dataset
from tests import avatar_bundle


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
