from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import keras
import numpy as np
import pytest

from core.contract import architectures
from core.errors import ConfigError
from core.lab.models import factory

SHAPES = [(28, 28, 1), (32, 32, 3)]
CLASSIFIERS = [a.name for family in ("cnn", "rnn") for a in architectures.of_family(family)]
GANS = [a.name for a in architectures.of_family("gan")]


@cache
def built(name: str) -> list[keras.Model]:
    """Return networks that no test changes."""
    return networks(name)


def networks(name: str) -> list[keras.Model]:
    if name in CLASSIFIERS:
        return [factory.classifier(name, (28, 28, 1), 10)]
    gan = factory.adversaries(name, (28, 28, 1), 10, 16)
    return [gan.generator, gan.discriminator]


def test_the_factory_builds_exactly_the_architectures_of_the_catalogue():
    assert sorted(factory.CLASSIFIERS) == sorted(CLASSIFIERS)
    assert sorted(factory.GANS) == sorted(GANS)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_gives_one_logit_for_each_class(name, shape):
    model = factory.classifier(name, shape, 7)
    assert model.output_shape == (None, 7)
    assert model(np.zeros((2, *shape), np.float32)).shape == (2, 7)
    assert model.layers[-1].name == "logits"
    assert model.inputs[0].name == "image"


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_gives_logits_and_not_probabilities(name):
    images = np.random.default_rng(0).random((8, 28, 28, 1), np.float32)
    sums = np.asarray(built(name)[0](images)).sum(axis=1)
    assert not np.allclose(sums, 1, atol=1e-3)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", GANS)
def test_a_gan_draws_images_of_the_data_s_shape_and_gives_each_one_logit(name, shape):
    gan = factory.adversaries(name, shape, 7, 16)
    labels = np.array([0, 6], np.int32)
    images = np.asarray(gan.generator([np.zeros((2, 16), np.float32), labels]))
    assert images.shape == (2, *shape)
    assert gan.discriminator([images, labels]).shape == (2, 1)


@pytest.mark.parametrize("name", CLASSIFIERS + GANS)
def test_names_of_layers_do_not_depend_on_the_thread_or_on_networks_built_before(name):
    here = [[layer.name for layer in model.layers] for model in built(name)]
    with ThreadPoolExecutor(1) as pool:
        there = pool.submit(lambda: [[layer.name for layer in model.layers] for model in networks(name)])
    assert there.result() == here
    assert all(len(set(names)) == len(names) for names in here)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_same_seed_gives_the_same_weights(name):
    def weights(seed: int) -> list[np.ndarray]:
        keras.utils.set_random_seed(seed)
        return factory.classifier(name, (28, 28, 1), 10).get_weights()

    first, again, other = weights(3), weights(3), weights(4)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_an_unknown_architecture_cannot_be_built():
    with pytest.raises(ConfigError) as refused:
        factory.classifier("vgg", (28, 28, 1), 10)
    assert refused.value.message.key == "contract.unknown_architecture"
    with pytest.raises(ConfigError) as refused:
        factory.adversaries("vgg", (28, 28, 1), 10, 16)
    assert refused.value.message.key == "contract.unknown_architecture"
