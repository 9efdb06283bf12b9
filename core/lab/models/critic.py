"""Define the critic, a small discriminator that learns after the GAN to find broken images."""

from __future__ import annotations

import keras
from keras import layers

from core.lab.models.cnn import Shape


def critic(input_shape: Shape, classes: int) -> keras.Model:
    """Build a projection discriminator: ``image`` (levels 0 to 1) and ``label`` in, one logit out, N×1.

    Source: Miyato, Koyama 2018, section 3. Shapes in the comments are those of 28×28×1.
    """
    image = keras.Input(input_shape, name="image")
    label = keras.Input((), dtype="int32", name="label")
    x = layers.Conv2D(32, 4, strides=2, padding="same", name="conv1_kernel")(image)  # 14×14×32
    x = layers.LeakyReLU(0.2, name="conv1")(x)
    x = layers.Conv2D(64, 4, strides=2, padding="same", name="conv2_kernel")(x)  # 7×7×64
    x = layers.LeakyReLU(0.2, name="conv2")(x)
    x = layers.Flatten(name="flatten")(x)  # 3136
    x = layers.Dropout(0.3, name="dropout")(x)
    x = layers.Dense(96, name="dense_kernel")(x)
    x = layers.LeakyReLU(0.2, name="features")(x)  # 96
    score = layers.Dense(1, name="unconditional")(x)
    match = layers.Dot(axes=1, name="projection")([layers.Embedding(classes, 96, name="embedding")(label), x])
    return keras.Model([image, label], layers.Add(name="logits")([score, match]), name="critic")
