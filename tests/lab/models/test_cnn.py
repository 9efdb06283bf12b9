from __future__ import annotations

import keras
import numpy as np
import pytest

from core.contract import architectures
from core.lab.models import cnn, factory


def shapes(model: keras.Model) -> dict[str, tuple[int, ...]]:
    return {layer.name: tuple(layer.output.shape[1:]) for layer in model.layers}


def test_the_tutorials_network_has_93322_parameters():
    assert cnn.tutorial().count_params() == 93_322


def test_the_tiny_network_has_fewer_than_6000_parameters():
    assert cnn.tiny().count_params() == 5_594


def test_the_tutorials_network_has_the_tutorials_layers():
    reference = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Conv2D(64, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Conv2D(64, (3, 3), activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    model, images = cnn.tutorial(), np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    reference.set_weights(model.get_weights())
    assert np.array_equal(model(images), reference(images))


def test_lenet5_has_the_maps_of_the_paper():
    assert shapes(cnn.lenet5()) == {
        "image": (28, 28, 1),
        "c1": (28, 28, 6),
        "s2": (14, 14, 6),
        "c3": (10, 10, 16),
        "s4": (5, 5, 16),
        "c5": (1, 1, 120),
        "flatten": (120,),
        "f6": (84,),
        "logits": (10,),
    }


def test_fully_connected_layers_of_lenet5_have_the_parameters_of_the_paper():
    """Expect the numbers of section II.B: C1 156, C5 48,120 and F6 10,164 trainable parameters."""
    model = cnn.lenet5()
    counts = {name: model.get_layer(name).count_params() for name in ("c1", "c5", "f6")}
    assert counts == {"c1": 156, "c5": 48_120, "f6": 10_164}


def test_the_last_maps_of_the_deep_network_are_7_by_7_and_averaged():
    found = shapes(cnn.deep())
    assert found["conv6"] == (7, 7, 128)
    assert found["average"] == (128,)


def test_the_class_activation_map_of_the_deep_network_is_exact():
    model, images = cnn.deep(), np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    maps = np.asarray(keras.Model(model.input, model.get_layer("conv6").output)(images))
    weights, bias = model.get_layer("logits").get_weights()
    assert np.allclose((maps @ weights).mean(axis=(1, 2)) + bias, model(images), atol=1e-5)


def test_the_activations_of_the_deep_network_are_those_after_the_relu():
    model, images = cnn.deep(), np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    outputs = {f"conv{i}": model.get_layer(f"conv{i}").output for i in range(1, 7)}
    for maps in keras.Model(model.input, outputs)(images).values():
        assert np.asarray(maps).min() == 0


def test_the_alexnet_style_has_five_convolutions_and_windows_that_overlap():
    found = shapes(cnn.alexnet())
    assert [found[f"conv{i}"] for i in range(1, 6)] == [
        (32, 32, 32), (16, 16, 64), (8, 8, 128), (8, 8, 128), (8, 8, 96),
    ]  # fmt: skip
    pooling = cnn.alexnet().get_layer("pool1")
    assert (pooling.pool_size, pooling.strides) == ((3, 3), (2, 2))


def test_a_module_of_the_inception_style_concatenates_four_branches():
    module = cnn.inception().get_layer("inception1")
    assert [x.shape[-1] for x in module.input] == [16, 32, 8, 8]
    assert shapes(cnn.inception())["inception4"] == (8, 8, 208)


def test_a_block_of_the_resnet_style_passes_its_input_on_when_its_kernel_is_zero():
    model, images = cnn.resnet(), np.random.default_rng(0).random((2, 32, 32, 3), np.float32)
    model.get_layer("block2b_kernel").kernel.assign(np.zeros((3, 3, 64, 64)))
    seen = keras.Model(model.input, [model.get_layer("conv2").output, model.get_layer("add2").output])(images)
    assert np.array_equal(*seen)


def test_convolutions_of_the_resnet_style_at_first_pass_their_maps_on():
    model, images = cnn.resnet(), np.random.default_rng(0).random((2, 32, 32, 3), np.float32)
    layer = model.get_layer("conv2_kernel")
    before, after = keras.Model(model.input, [layer.input, layer.output])(images)
    assert np.allclose(before, after[..., :24], atol=1e-6)
    assert not np.allclose(after[..., 24:48], before, atol=0.1)


@pytest.mark.parametrize("name", architectures.OF_ANY_SIDE)
def test_networks_that_pool_over_the_whole_image_take_images_of_any_side(name):
    model = factory.classifier(name, (32, 32, 3), 4)
    assert model.call(np.zeros((2, 24, 24, 3), np.float32)).shape == (2, 4)


@pytest.mark.parametrize("build", [cnn.alexnet, cnn.inception, cnn.resnet])
def test_colour_networks_take_small_grey_images_too(build):
    assert build((28, 28, 1), 3)(np.zeros((1, 28, 28, 1), np.float32)).shape == (1, 3)
