from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.lab.models import gan

RANDOM = np.random.default_rng(0)
LATENT = RANDOM.standard_normal((6, 64), np.float32)
LABELS = np.array([0, 1, 2, 3, 3, 9], np.int32)
IMAGES = RANDOM.random((6, 28, 28, 1), np.float32)


@pytest.fixture(scope="module")
def dcgan() -> gan.Gan:
    keras.utils.set_random_seed(1)
    return gan.dcgan()


@pytest.fixture(scope="module")
def goodfellow() -> gan.Gan:
    keras.utils.set_random_seed(1)
    return gan.goodfellow2014()


def inner(model: keras.Model, name: str, *inputs: np.ndarray) -> np.ndarray:
    return np.asarray(keras.Model(model.inputs, model.get_layer(name).output)(list(inputs)))


@pytest.mark.parametrize("scale", [1, 100])
def test_generated_levels_lie_between_black_and_white(dcgan, scale):
    images = np.asarray(dcgan.generator([scale * LATENT, LABELS]))
    assert 0 <= images.min() < images.max() <= 1


def test_the_dcgan_s_images_depend_on_the_latent_point_and_on_the_class(dcgan):
    images = np.asarray(dcgan.generator([LATENT, LABELS]))
    other_class = np.asarray(dcgan.generator([LATENT, LABELS[::-1].copy()]))
    other_point = np.asarray(dcgan.generator([LATENT[::-1].copy(), LABELS]))
    assert np.abs(images - other_class).max() > 1e-3
    assert np.abs(images - other_point).max() > 1e-3


def test_a_generator_takes_latent_points_and_labels_by_name(dcgan, goodfellow):
    for model in (dcgan.generator, goodfellow.generator):
        assert [i.name for i in model.inputs] == ["latent", "label"]
        assert [str(i.dtype) for i in model.inputs] == ["float32", "int32"]


def test_the_maps_of_a_generator_have_the_sizes_in_its_comments(dcgan):
    shapes = {layer.name: tuple(layer.output.shape[1:]) for layer in dcgan.generator.layers}
    assert (shapes["style"], shapes["block1"]) == ((96,), (7, 7, 96))
    assert (shapes["block2"], shapes["block3"]) == ((14, 14, 32), (14, 14, 48))
    assert shapes["images"] == (28, 28, 1)


def test_sub_pixel_convolution_orders_pixels_as_depth_to_space_of_tensorflow(dcgan):
    model = dcgan.generator
    maps, images = (inner(model, name, LATENT, LABELS) for name in ("levels", "images"))
    assert np.array_equal(images, tf.nn.depth_to_space(maps, 2))
    maps, images = (inner(model, name, LATENT, LABELS) for name in ("conv2", "up2"))
    assert np.array_equal(images, tf.nn.depth_to_space(maps, 2))


def test_the_class_chooses_scale_and_shift_of_each_map(dcgan):
    model = dcgan.generator
    normal = inner(model, "block2_norm", LATENT, LABELS)
    scale, shift = (inner(model, f"block2_{part}", LATENT, LABELS) for part in ("scale", "shift"))
    expected = np.maximum(0, normal * scale[:, None, None] + shift[:, None, None])
    assert np.allclose(inner(model, "block2", LATENT, LABELS), expected, atol=1e-5)


def test_the_projection_is_the_dot_product_of_features_and_class_vector(dcgan):
    model = dcgan.discriminator
    features = inner(model, "features", IMAGES, LABELS)
    vectors = model.get_layer("embedding").get_weights()[0][LABELS]
    weights, bias = model.get_layer("unconditional").get_weights()
    expected = (features * vectors).sum(axis=1, keepdims=True) + features @ weights + bias
    assert np.allclose(model([IMAGES, LABELS]), expected, atol=1e-5)


@pytest.mark.parametrize(("name", "units"), [("maxout1", 240), ("maxout2", 240)])
def test_a_maxout_unit_is_the_largest_of_its_five_pieces(goodfellow, name, units):
    model = goodfellow.discriminator
    pieces = inner(model, f"{name}_pieces", IMAGES, LABELS)
    assert pieces.shape == (6, 5 * units)
    expected = pieces.reshape(6, 5, units).max(axis=1)
    assert np.array_equal(inner(model, name, IMAGES, LABELS), expected)


def test_the_gan_of_2014_accepts_labels_but_does_not_use_them(goodfellow):
    latent = RANDOM.standard_normal((6, 100), np.float32)
    same = goodfellow.generator([latent, LABELS]), goodfellow.generator([latent, 0 * LABELS])
    assert np.array_equal(*same)
    verdicts = goodfellow.discriminator([IMAGES, LABELS]), goodfellow.discriminator([IMAGES, 0 * LABELS])
    assert np.array_equal(*verdicts)


def test_the_gan_of_2014_has_the_layers_in_the_script_of_its_paper(goodfellow):
    sizes = [goodfellow.generator.get_layer(name).units for name in ("dense1", "dense2", "pixels")]
    assert sizes == [1200, 1200, 784]
    rates = [goodfellow.discriminator.get_layer(f"dropout{i}").rate for i in range(3)]
    assert rates == [0.2, 0.5, 0.5]


@pytest.fixture
def few_maps(monkeypatch) -> None:
    maps = {doublings: (6, 5, 4, 3)[:doublings] for doublings in range(5)}
    monkeypatch.setattr(gan, "GENERATOR_MAPS", maps)
    monkeypatch.setattr(gan, "DISCRIMINATOR_MAPS", {0: (3,), **{k: v for k, v in maps.items() if k}})


@pytest.mark.parametrize(
    ("shape", "first", "last"),
    [
        ((64, 64, 3), (4, 4, 6), (32, 32, 3)),
        ((16, 16, 3), (4, 4, 6), (8, 8, 5)),
        ((28, 20, 1), (7, 5, 6), (14, 10, 5)),
        ((5, 9, 3), (5, 9, 6), (5, 9, 6)),
    ],
)
def test_the_colour_generator_begins_small_and_draws_images_of_any_side(few_maps, shape, first, last):
    pair = gan.colour_dcgan(shape, classes=10, latent_size=64)
    shapes = [
        tuple(layer.output.shape[1:])
        for layer in pair.generator.layers
        if isinstance(layer, keras.layers.ReLU)
    ]
    images = np.asarray(pair.generator([LATENT, LABELS]))
    assert (shapes[0], shapes[-1]) == (first, last)
    assert images.shape == (6, *shape)
    assert 0 <= images.min() < images.max() <= 1
    assert pair.discriminator([images, LABELS]).shape == (6, 1)


def test_the_variation_of_a_batch_is_the_mean_difference_from_the_next_three_images():
    maps = RANDOM.random((6, 2, 2, 3), np.float32)
    layer = gan.Variation()
    told = np.asarray(layer(maps, training=True))
    squares = sum((maps - np.roll(maps, -step, axis=0)) ** 2 for step in (1, 2, 3)) / 6
    expected = np.sqrt(squares + 1e-8).mean(axis=(1, 2, 3))
    assert np.allclose(told[:, 0], expected, atol=1e-6)
    later = np.asarray(layer(maps))
    assert later.shape == (6, 1)
    assert np.allclose(later, 0.01 * expected.mean(), atol=1e-7), "each image is told the moving average"
