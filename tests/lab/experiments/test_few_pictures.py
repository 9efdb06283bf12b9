from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.datasets import registry
from core.datasets.dataset import Dataset
from core.datasets.synthetic.handwriting import render
from core.errors import ConfigError
from core.lab.experiments.few_pictures import accuracy_after, few_of_each
from core.remedies.data_curves import DataCurves
from tests.refusals import raises

CURVES = DataCurves(dataset="mnist", architecture="tutorial", steps=40, batch_size=30)
LABELS = (np.arange(60) % 10).astype(np.uint8)


@pytest.fixture(scope="module")
def data() -> Dataset:
    images = render(LABELS, 3)[..., None]
    return Dataset(registry.describe("mnist"), images, LABELS, images[:20], LABELS[:20])


def test_each_class_has_so_many_pictures_and_fewer_are_among_more(data: Dataset) -> None:
    two, four = few_of_each(data, 2, seed=1), few_of_each(data, 4, seed=1)

    np.testing.assert_array_equal(np.bincount(two.y_train), [2] * 10)
    pictures = {image.tobytes() for image in four.x_train}
    assert all(image.tobytes() in pictures for image in two.x_train)
    with raises(ConfigError, "remedies.too_few_pictures", wanted=7, count=6):
        few_of_each(data, 7, seed=1)


def test_a_network_learns_from_a_few_pictures_that_are_repeated(data: Dataset) -> None:
    assert accuracy_after(CURVES, data, "nothing", 6, seed=1) > 0.3  # chance: 0.1; it has seen these images


@pytest.mark.parametrize(
    ("remedy", "key"),
    [("generated", "remedies.no_generator"), ("other_domain", "remedies.no_other_domain")],
)
def test_a_remedy_that_does_not_apply_says_so(data: Dataset, remedy: str, key: str) -> None:
    other = dataclasses.replace(data, info=registry.describe("rendered"))

    with raises(ConfigError, key):
        accuracy_after(CURVES, other, remedy, 2, 1)
