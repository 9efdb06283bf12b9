"""Define generative adversarial networks: a generator draws, a discriminator tells its images from real ones.

A generator maps ``latent`` (float32, N×latent_size) and ``label`` (int32, N) to images, float32 in [0, 1],
N×H×W×C. A discriminator maps such images and labels to one logit each, N×1: above zero means "real".
Shapes in the comments are those of 28×28×1.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import tensorflow as tf
from keras import layers

from core.lab.models.cnn import Shape


@dataclass(frozen=True)
class Gan:
    """The two players."""

    generator: keras.Model
    discriminator: keras.Model


def dcgan(input_shape: Shape = (28, 28, 1), classes: int = 10, latent_size: int = 64) -> Gan:
    """Build a conditional DCGAN: the class enters at every scale of the generator.

    It enters the discriminator by projection.

    Source: Radford, Metz, Chintala 2016; class-conditional normalisation: Dumoulin et al. 2017, section 2.2;
    projection discriminator: Miyato, Koyama 2018, section 3.
    """
    return Gan(
        _convolutional_generator(input_shape, classes, latent_size),
        _projection_discriminator(input_shape, classes),
    )


def _convolutional_generator(input_shape: Shape, classes: int, latent_size: int) -> keras.Model:
    height, width, channels = input_shape
    latent = keras.Input((latent_size,), name="latent")
    label = keras.Input((), dtype="int32", name="label")
    style = layers.Embedding(classes, 32, name="label_embedding")(label)  # 32
    style = layers.Concatenate(name="style")([latent, style])  # 96
    x = layers.Dense(height // 4 * (width // 4) * 96, use_bias=False, name="project")(style)
    x = layers.Reshape((height // 4, width // 4, 96), name="seed_map")(x)  # 7×7×96
    x = _styled(x, style, "block1")
    x = layers.Conv2D(128, 3, padding="same", use_bias=False, name="conv2")(x)  # 7×7×128
    x = _shuffled(x, "up2")  # 14×14×32
    x = _styled(x, style, "block2")
    x = layers.Conv2D(48, 3, padding="same", use_bias=False, name="conv3")(x)  # 14×14×48
    x = _styled(x, style, "block3")
    x = layers.Conv2D(4 * channels, 3, padding="same", activation="sigmoid", name="levels")(x)  # 14×14×4
    x = _shuffled(x, "images")  # 28×28×1
    return keras.Model([latent, label], x, name="generator")


def _shuffled(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Turn four maps into one of twice the height and width; each gives one pixel of every square of 2×2.

    With the convolution before it, this replaces a transposed one; LiteRT is several times faster at it.
    Source: Shi et al. 2016, section 2.2 (sub-pixel convolution).
    """
    height, width, maps = x.shape[1:]
    x = layers.Reshape((height, width, 2, 2, maps // 4), name=f"{name}_squares")(x)
    x = layers.Permute((1, 3, 2, 4, 5), name=f"{name}_rows")(x)
    return layers.Reshape((2 * height, 2 * width, maps // 4), name=name)(x)


def _styled(x: keras.KerasTensor, style: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Add batch normalisation whose scale and shift the style chooses, then ReLU."""
    maps = x.shape[-1]
    x = layers.BatchNormalization(center=False, scale=False, name=f"{name}_norm")(x)
    scale = layers.Dense(maps, bias_initializer="ones", name=f"{name}_scale")(style)
    shift = layers.Dense(maps, name=f"{name}_shift")(style)
    x = layers.Multiply(name=f"{name}_scaled")(
        [x, layers.Reshape((1, 1, maps), name=f"{name}_scales")(scale)]
    )
    x = layers.Add(name=f"{name}_shifted")([x, layers.Reshape((1, 1, maps), name=f"{name}_shifts")(shift)])
    return layers.ReLU(name=name)(x)


def _projection_discriminator(input_shape: Shape, classes: int) -> keras.Model:
    image = keras.Input(input_shape, name="image")
    label = keras.Input((), dtype="int32", name="label")
    x = layers.Conv2D(48, 4, strides=2, padding="same", name="conv1_kernel")(image)  # 14×14×48
    x = layers.LeakyReLU(0.2, name="conv1")(x)
    x = layers.Conv2D(96, 4, strides=2, padding="same", name="conv2_kernel")(x)  # 7×7×96
    x = layers.LeakyReLU(0.2, name="conv2")(x)
    x = layers.Flatten(name="flatten")(x)  # 4704
    x = layers.Dense(128, name="dense_kernel")(x)
    x = layers.LeakyReLU(0.2, name="features")(x)  # 128
    score = layers.Dense(1, name="unconditional")(x)
    match = layers.Dot(axes=1, name="projection")(
        [layers.Embedding(classes, 128, name="embedding")(label), x]
    )
    return keras.Model([image, label], layers.Add(name="logits")([score, match]), name="discriminator")


# Maps of the colour GAN's convolutions, by how often the side doubles: one before each doubling …
GENERATOR_MAPS = {0: (), 1: (64,), 2: (128, 64), 3: (192, 128, 64), 4: (192, 128, 64, 64)}
# … and one for each time that the discriminator halves it; small images need more at first.
DISCRIMINATOR_MAPS = {0: (64,), 1: (64,), 2: (64, 128), 3: (48, 96, 160), 4: (48, 96, 160, 192)}
# Maps of a first convolution at full size, by the same number: it sees the grain of large images.
FULL_SIZE_MAPS = {4: 12}


def colour_dcgan(input_shape: Shape = (64, 64, 3), classes: int = 10, latent_size: int = 64) -> Gan:
    """Build a conditional DCGAN for images in colour, of any side.

    Class and latent point choose the scale and shift of every map. The generator doubles the side by the
    nearest neighbour, and at the end by sub-pixel convolution. The discriminator looks at images of 64×64 at
    full size before it halves them, and is told how much images next to each other differ, so that a
    generator which repeats itself is found out. Shapes in the comments are those of 64×64×3.

    Source: Radford, Metz, Chintala 2016; Dumoulin et al. 2017, section 2.2; Odena, Dumoulin, Olah 2016
    (doubling); Miyato, Koyama 2018, section 3; Karras et al. 2018, section 3 (variation in a batch).
    """
    doublings = _doublings(input_shape)
    return Gan(
        _doubling_generator(input_shape, classes, latent_size, doublings),
        _deep_discriminator(input_shape, classes, doublings),
    )


def _doublings(shape: Shape) -> int:
    """Return how often height and width can be halved while both are even and above 7; four times at most."""
    height, width, count = shape[0], shape[1], 0
    while height % 2 == width % 2 == 0 and min(height, width) > 7 and count < max(GENERATOR_MAPS):
        height, width, count = height // 2, width // 2, count + 1
    return count


def _doubling_generator(shape: Shape, classes: int, latent_size: int, doublings: int) -> keras.Model:
    height, width, channels = shape
    latent = keras.Input((latent_size,), name="latent")
    label = keras.Input((), dtype="int32", name="label")
    style = layers.Embedding(classes, 32, name="label_embedding")(label)  # 32
    style = layers.Concatenate(name="style")([latent, style])  # 96
    rows, columns, counts = height >> doublings, width >> doublings, GENERATOR_MAPS[doublings]
    maps = counts[0] if counts else GENERATOR_MAPS[1][0]
    x = layers.Dense(rows * columns * maps, use_bias=False, name="project")(style)
    x = layers.Reshape((rows, columns, maps), name="seed_map")(x)  # 4×4×192
    x = _styled(x, style, "block1")
    for number, maps in enumerate(counts, 2):
        if number > 2:
            x = layers.UpSampling2D(2, name=f"double{number}")(x)
        x = layers.Conv2D(maps, 3, padding="same", use_bias=False, name=f"conv{number}")(x)
        x = _styled(x, style, f"block{number}")  # 4×4×192, 8×8×128, 16×16×64, 32×32×64
    pixels = 4 if doublings else 1  # of each place
    x = layers.Conv2D(pixels * channels, 3, padding="same", activation="sigmoid", name="levels")(x)
    x = _shuffled(x, "images") if doublings else layers.Identity(name="images")(x)  # 64×64×3
    return keras.Model([latent, label], x, name="generator")


def _deep_discriminator(shape: Shape, classes: int, doublings: int) -> keras.Model:
    image = keras.Input(shape, name="image")
    label = keras.Input((), dtype="int32", name="label")
    x = image
    if maps := FULL_SIZE_MAPS.get(doublings):
        x = layers.Conv2D(maps, 3, padding="same", name="conv0_kernel")(x)
        x = layers.LeakyReLU(0.2, name="conv0")(x)  # 64×64×12
    for number, maps in enumerate(DISCRIMINATOR_MAPS[doublings], 1):
        x = layers.Conv2D(maps, 4, strides=2, padding="same", name=f"conv{number}_kernel")(x)
        x = layers.LeakyReLU(0.2, name=f"conv{number}")(x)  # 32×32×48, 16×16×96, 8×8×160, 4×4×192
    x = layers.Concatenate(name="with_variation")(
        [layers.Flatten(name="flatten")(x), Variation(name="variation")(x)]
    )
    x = layers.Dense(192, name="dense_kernel")(x)  # of 3073
    x = layers.LeakyReLU(0.2, name="features")(x)  # 192
    score = layers.Dense(1, name="unconditional")(x)
    match = layers.Dot(axes=1, name="projection")(
        [layers.Embedding(classes, 192, name="embedding")(label), x]
    )
    return keras.Model([image, label], layers.Add(name="logits")([score, match]), name="discriminator")


@keras.saving.register_keras_serializable(package="deep_image_lab")
class Variation(layers.Layer):
    """Tell how much each image's maps differ from those of the next three images, N×1.

    After training it is the moving average for every image, so that a verdict does not depend on the others.
    Source: Karras et al. 2018, section 3, with neighbours in place of the whole batch.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Add the moving average."""
        self.average = self.add_weight(shape=(), initializer="zeros", trainable=False, name="average")

    def call(self, x: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Return the mean over all maps and places of the root of the mean squared difference."""
        if not training:
            return 0 * x[:, :1, 0, 0] + self.average
        squares = [tf.square(x - tf.roll(x, -step, axis=0)) for step in (1, 2, 3)]  # `** 2` is a slow power
        spread = tf.reduce_mean(tf.sqrt(tf.add_n(squares) / 6 + 1e-8), axis=[1, 2, 3])
        self.average.assign(0.99 * self.average + 0.01 * tf.reduce_mean(spread))
        return spread[:, tf.newaxis]


def goodfellow2014(input_shape: Shape = (28, 28, 1), classes: int = 10, latent_size: int = 100) -> Gan:
    """Build the fully connected GAN of 2014: ReLU generator, maxout discriminator with dropout.

    It knows no classes: it takes a label, so that both kinds are called alike, and does not use it.
    Source: Goodfellow et al. 2014, section 5, with the layer sizes of the authors' published MNIST script
    (generator 1200–1200–784, discriminator 240×5–240×5 maxout pieces).
    """
    return Gan(_dense_generator(input_shape, latent_size), _maxout_discriminator(input_shape))


def _dense_generator(input_shape: Shape, latent_size: int) -> keras.Model:
    height, width, channels = input_shape
    latent = keras.Input((latent_size,), name="latent")
    label = keras.Input((), dtype="int32", name="label")
    x = layers.Add(name="latent_alone")([latent, _silent(label)])
    x = layers.Dense(1200, activation="relu", name="dense1")(x)
    x = layers.Dense(1200, activation="relu", name="dense2")(x)
    x = layers.Dense(height * width * channels, activation="sigmoid", name="pixels")(x)
    return keras.Model([latent, label], layers.Reshape(input_shape, name="images")(x), name="generator")


def _maxout_discriminator(input_shape: Shape) -> keras.Model:
    image = keras.Input(input_shape, name="image")
    label = keras.Input((), dtype="int32", name="label")
    x = layers.Flatten(name="flatten")(image)
    x = layers.Add(name="image_alone")([x, _silent(label)])
    x = layers.Dropout(0.2, name="dropout0")(x)
    x = _maxout(x, 240, 5, "maxout1")
    x = layers.Dropout(0.5, name="dropout1")(x)
    x = _maxout(x, 240, 5, "maxout2")
    x = layers.Dropout(0.5, name="dropout2")(x)
    return keras.Model([image, label], layers.Dense(1, name="logits")(x), name="discriminator")


def _silent(label: keras.KerasTensor) -> keras.KerasTensor:
    """Return zeros, N×1, made of labels: Keras before 3.13 refuses a model that does not use an input."""
    return layers.Rescaling(0.0, name="silent")(layers.Reshape((1,), name="label_column")(label))


def _maxout(x: keras.KerasTensor, units: int, pieces: int, name: str) -> keras.KerasTensor:
    """Add units that are each the largest of their linear pieces (maxout, Goodfellow et al. 2013)."""
    x = layers.Dense(units * pieces, name=f"{name}_pieces")(x)
    x = layers.Reshape((pieces, units), name=f"{name}_reshape")(x)
    return layers.GlobalMaxPooling1D(name=name)(x)
