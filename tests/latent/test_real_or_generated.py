from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import open_bundle, pretrained
from core.datasets.synthetic.handwriting import balanced_labels, render
from core.inference.generator import Generator
from core.latent.real_or_generated import ROUNDS, pairs
from tests import avatar_bundle


@pytest.fixture(scope="module")
def real() -> tuple[np.ndarray, np.ndarray]:
    labels = balanced_labels(30, 0)
    return render(labels, 0)[..., None], labels


def test_one_image_of_each_pair_is_real_and_has_the_class_of_the_pair(real):
    images, labels = real
    rounds = pairs(Generator(pretrained("dcgan")), images, labels, seed=1)
    assert len(rounds) == ROUNDS
    assert {pair.real for pair in rounds} == {0, 1}
    for pair in rounds:
        where = [i for i in range(30) if np.array_equal(images[i], pair.images[pair.real])]
        assert labels[where[0]] == pair.label
        assert not any(np.array_equal(image, pair.images[1 - pair.real]) for image in images)


def test_the_same_seed_gives_the_same_game_and_another_seed_a_different_one(real):
    generator = Generator(pretrained("dcgan"))
    first, again, other = (np.stack([p.images for p in pairs(generator, *real, seed)]) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_larger_generated_images_are_reduced_to_the_size_of_the_real_ones() -> None:
    generator = Generator(open_bundle(avatar_bundle.FOLDER))
    real = np.zeros((20, 12, 12, 3), np.uint8)
    for pair in pairs(generator, real, np.arange(20) % 10, 1):
        assert pair.images.shape == (2, 12, 12, 3)
        assert not pair.images[pair.real].any()
        assert pair.images[1 - pair.real].any()
