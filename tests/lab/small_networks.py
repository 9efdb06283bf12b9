"""Networks of few layers, for tests of what trains or plays with them; others take long to trace."""

from __future__ import annotations

import keras
from keras import layers

from core.lab.models.gan import Gan

Shape = tuple[int, int, int]


def small_cnn(input_shape: Shape, classes: int) -> keras.Model:
    """Build a classifier with one convolution."""
    image = keras.Input(input_shape, name="image")
    x = layers.Conv2D(8, 3, activation="relu", name="conv1")(image)
    x = layers.Flatten(name="flatten")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="small")


def small_gan(input_shape: Shape, classes: int, latent_size: int) -> Gan:
    """Build a conditional GAN with two convolutions and one."""
    latent = keras.Input((latent_size,), name="latent")
    label = keras.Input((), dtype="int32", name="label")
    embedding = layers.Embedding(classes, 4, name="label_embedding")
    style = layers.Concatenate(name="style")([latent, embedding(label)])
    height, width, channels = input_shape
    x = layers.Dense(height * width * 8, name="project")(style)
    x = layers.Reshape((height, width, 8), name="seed_map")(x)
    x = layers.ReLU(name="block1")(layers.BatchNormalization(name="block1_norm")(x))
    x = layers.Conv2D(8, 3, padding="same", activation="relu", name="conv2")(x)
    x = layers.Conv2D(channels, 3, padding="same", activation="sigmoid", name="images")(x)
    generator = keras.Model([latent, label], x, name="generator")

    image = keras.Input(input_shape, name="image")
    x = layers.Conv2D(8, 4, strides=2, padding="same", name="conv1_kernel")(image)
    x = layers.LeakyReLU(0.2, name="conv1")(x)
    x = layers.Dense(32, name="dense_kernel")(layers.Flatten(name="flatten")(x))
    x = layers.LeakyReLU(0.2, name="features")(x)
    score = layers.Dense(1, name="unconditional")(x)
    match = layers.Dot(axes=1, name="projection")([layers.Embedding(classes, 32, name="embedding")(label), x])
    logits = layers.Add(name="logits")([score, match])
    return Gan(generator, keras.Model([image, label], logits, name="discriminator"))
