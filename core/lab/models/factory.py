"""Build the Keras model of an architecture by its name in ``core.contract.architectures``."""

from __future__ import annotations

from typing import Any

import keras

from core.contract import architectures
from core.lab.models import cnn, gan, rnn

CLASSIFIERS: dict[str, Any] = {
    "tutorial": cnn.tutorial,
    "lenet5": cnn.lenet5,
    "tiny": cnn.tiny,
    "deep": cnn.deep,
    "resnet": cnn.resnet,
    "inception": cnn.inception,
    "alexnet": cnn.alexnet,
    "lstm": rnn.lstm,
    "gru": rnn.gru,
    "simple_rnn": rnn.simple_rnn,
}
GANS: dict[str, Any] = {
    "dcgan": gan.dcgan,
    "colour_dcgan": gan.colour_dcgan,
    "goodfellow2014": gan.goodfellow2014,
}


def classifier(name: str, input_shape: cnn.Shape, classes: int) -> keras.Model:
    """Build the CNN or RNN of that name, with weights drawn from Keras's current seed.

    Raises:
        ConfigError: when there is no architecture of that name.
    """
    return CLASSIFIERS[architectures.get(name).name](input_shape, classes)


def adversaries(name: str, input_shape: cnn.Shape, classes: int, latent_size: int) -> gan.Gan:
    """Build the generator and the discriminator of that name.

    Raises:
        ConfigError: when there is no architecture of that name.
    """
    return GANS[architectures.get(name).name](input_shape, classes, latent_size)
