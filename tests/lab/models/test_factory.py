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
    return networks(name, seed=3)


@cache
def built_again(name: str) -> list[keras.Model]:
    """Return the same networks, built once more in another thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(networks, name, seed=3).result()


def networks(name: str, seed: int) -> list[keras.Model]:
    keras.utils.set_random_seed(seed)
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
    model, classes = (built(name)[0], 10) if shape == SHAPES[0] else (factory.classifier(name, shape, 7), 7)
    assert model.output_shape == (None, classes)
    assert model(np.zeros((2, *shape), np.float32)).shape == (2, classes)
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
    here, there = (
        [[layer.name for layer in model.layers] for model in models]
        for models in (built(name), built_again(name))
    )
    assert there == here
    assert all(len(set(names)) == len(names) for names in here)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_same_seed_gives_the_same_weights(name):
    first, again, other = (
        models[0].get_weights() for models in (built(name), built_again(name), networks(name, seed=4))
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_an_unknown_architecture_cannot_be_built():
    with pytest.raises(ConfigError) as refused:
        factory.classifier("vgg", (28, 28, 1), 10)
    assert refused.value.message.key == "contract.unknown_architecture"
    with pytest.raises(ConfigError) as refused:
        factory.adversaries("vgg", (28, 28, 1), 10, 16)
    assert refused.value.message.key == "contract.unknown_architecture"
