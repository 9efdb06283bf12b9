from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from core.datasets import registry
from core.datasets.dataset import Dataset
from core.datasets.synthetic.handwriting import render
from core.errors import ConfigError
from core.lab.experiments import few_pictures
from core.lab.experiments.few_pictures import FewPictures, few_of_each
from core.lab.models import factory
from core.remedies.data_curves import BOTH, NOTHING, DataCurves
from tests.lab.small_networks import small_cnn
from tests.refusals import raises

CURVES = DataCurves(dataset="mnist", architecture="lenet5", steps=60, batch_size=20, test_images=100)
LABELS = (np.arange(200) % 10).astype(np.uint8)


@pytest.fixture(scope="module")
def data() -> Dataset:
    images = render(LABELS, 3)[..., None]
    return Dataset(registry.describe("mnist"), images[:100], LABELS[:100], images[100:], LABELS[100:])


@pytest.fixture(scope="module")
def few(data: Dataset) -> Iterator[FewPictures]:
    """Yield small networks that learn from rendered digits; one object, so that each is traced once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(factory.CLASSIFIERS, CURVES.architecture, small_cnn)
        yield FewPictures(CURVES, data)


def test_each_class_has_so_many_pictures_and_fewer_are_among_more(data: Dataset) -> None:
    two, four = few_of_each(data, 2, seed=1), few_of_each(data, 4, seed=1)

    np.testing.assert_array_equal(np.bincount(two.y_train), [2] * 10)
    pictures = {image.tobytes() for image in four.x_train}
    assert all(image.tobytes() in pictures for image in two.x_train)
    with raises(ConfigError, "remedies.too_few_pictures", wanted=11, count=10):
        few_of_each(data, 11, seed=1)


def test_more_pictures_help_and_so_does_learning_from_the_same_domain_first(
    data: Dataset, few: FewPictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = dataclasses.replace(data, x_train=render(LABELS, 4)[..., None], y_train=LABELS)
    monkeypatch.setattr(few_pictures.registry, "load", lambda name, train_size: domain)

    fewest, most = few.accuracy(NOTHING, 1, seed=1), few.accuracy(NOTHING, 10, seed=1)

    assert most > fewest + 0.1
    assert few.accuracy("rendered", 1, seed=1) > fewest + 0.1
    assert few.accuracy(NOTHING, 1, seed=1) == pytest.approx(fewest, abs=0.03)  # as if it were the first


def test_a_network_labels_pictures_for_another(few: FewPictures) -> None:
    assert few.accuracy("self_training", 10, seed=1) >= few.accuracy("half_labels", 10, seed=1) - 0.05


@pytest.mark.parametrize(
    ("remedy", "key"),
    [("generated_alone", "remedies.no_generator"), ("generated_added", "remedies.no_generator")],
)
def test_a_remedy_that_does_not_apply_says_so(data: Dataset, remedy: str, key: str) -> None:
    other = dataclasses.replace(data, info=registry.describe("rendered"))

    with raises(ConfigError, key):
        FewPictures(CURVES, other).accuracy(remedy, 2, 1)


def test_both_is_another_domain_with_all_augmentations() -> None:
    assert few_pictures.augmentation_of(BOTH) == "together"
    assert few_pictures.augmentation_of("rendered") == "none"
    assert few_pictures.augmentation_of("turn") == "turn"
