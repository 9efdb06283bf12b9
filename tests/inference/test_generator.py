from __future__ import annotations

import numpy as np
import pytest

from core.errors import BundleError, ConfigError
from core.inference.generator import BATCH, Generator


@pytest.fixture(scope="module")
def generator(gan_bundle) -> Generator:
    return Generator(gan_bundle)


def test_the_same_seed_draws_the_same_images_and_another_seed_different_ones(generator):
    labels = np.arange(10)
    first, again, other = (generator.draw(labels, generator.latent(10, seed)) for seed in (4, 4, 5))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("count", [0, 1, 7, 64, 65])
def test_a_latent_point_is_the_same_for_every_count(generator, count):
    assert np.array_equal(generator.latent(count, 9), generator.latent(200, 9)[:count])


def test_latent_points_are_standard_normal(generator):
    points = generator.latent(5000, 0)
    assert points.dtype == np.float32
    assert points.mean() == pytest.approx(0, abs=0.02)
    assert points.std() == pytest.approx(1, abs=0.02)


def test_an_image_does_not_depend_on_the_images_drawn_with_it(generator):
    count = BATCH + 5
    labels, latent = np.arange(count) % 10, generator.latent(count, 1)
    together = generator.draw(labels, latent).astype(int)
    singly = [generator.draw(labels[i : i + 1], latent[i : i + 1])[0] for i in range(count)]
    assert np.abs(together - np.stack(singly)).max() <= 1  # at most one rounding apart


def test_images_are_bytes_of_the_card_s_shape(generator):
    images = generator.draw(np.array([3, 1]), generator.latent(2, 0))
    assert images.dtype == np.uint8
    assert images.shape == (2, 28, 28, 1)


def test_another_class_at_the_same_point_gives_another_image(generator):
    one, other = generator.draw(np.array([0, 1]), np.repeat(generator.latent(1, 0), 2, axis=0))
    assert not np.array_equal(one, other)


def test_between_two_classes_each_end_is_its_class_and_the_middle_is_neither(generator):
    assert generator.blends
    latent = np.repeat(generator.latent(1, 0), 3, axis=0)
    ends = generator.draw(np.array([3, 8]), latent[:2])
    way = generator.between(np.full(3, 3), np.full(3, 8), np.array([0, 0.5, 1]), latent)
    assert np.array_equal(way[[0, 2]], ends)
    assert not any(np.array_equal(way[1], end) for end in ends)


def test_a_model_that_cannot_blend_classes_switches_half_way(unconditional_bundle):
    generator = Generator(unconditional_bundle)
    assert not generator.blends
    assert not generator.card.is_conditional
    latent = generator.latent(4, 0)
    way = generator.between(np.zeros(4, int), np.ones(4, int), np.linspace(0, 1, 4), latent)
    assert np.array_equal(way, generator.draw(np.zeros(4, int), latent))


def test_points_of_another_generator_are_refused_in_one_sentence(generator):
    with pytest.raises(ConfigError) as refused:
        generator.draw(np.arange(2), np.zeros((2, 64), np.float32))
    assert refused.value.message.key == "inference.latent_size"


def test_no_labels_give_no_images(generator):
    images = generator.draw(np.array([], int), generator.latent(0, 0))
    assert (images.shape, images.dtype) == ((0, 28, 28, 1), np.uint8)


@pytest.mark.parametrize("label", [-1, 10, 256, 2**31, 2**40])
def test_a_class_unknown_to_the_model_is_refused(generator, label):
    with pytest.raises(ConfigError) as refused:
        generator.draw(np.array([0, label]), generator.latent(2, 0))
    assert refused.value.message.key == "inference.class_range"


def test_a_negative_seed_is_refused(generator):
    with pytest.raises(ConfigError) as refused:
        generator.latent(1, -1)
    assert refused.value.message.key == "inference.negative_seed"


def test_a_classifier_cannot_draw(cnn_bundle):
    with pytest.raises(BundleError) as refused:
        Generator(cnn_bundle)
    assert refused.value.message.key == "inference.not_a_generator"
