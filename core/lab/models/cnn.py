"""Define convolutional networks: an image in, one logit per class out.

Every builder takes ``input_shape`` (height, width, channels) and the number of ``classes``; the model maps
float32 images in [0, 1], N×H×W×C, to logits, N×classes. Shapes in the comments are those of 28×28×1.
"""

from __future__ import annotations

import keras
from keras import layers

Shape = tuple[int, int, int]


def tutorial(input_shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Model:
    """Build the tutorial's CNN: 93,322 parameters for 28×28×1 and ten classes.

    Source: the introductory convolutional networks of the Keras and TensorFlow tutorials.
    """
    image = keras.Input(input_shape, name="image")
    x = layers.Conv2D(32, 3, activation="relu", name="conv1")(image)  # 26×26×32
    x = layers.MaxPooling2D(name="pool1")(x)  # 13×13×32
    x = layers.Conv2D(64, 3, activation="relu", name="conv2")(x)  # 11×11×64
    x = layers.MaxPooling2D(name="pool2")(x)  # 5×5×64
    x = layers.Conv2D(64, 3, activation="relu", name="conv3")(x)  # 3×3×64
    x = layers.Flatten(name="flatten")(x)  # 576
    x = layers.Dense(64, activation="relu", name="dense1")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="tutorial")


def lenet5(input_shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Model:
    """Build LeNet-5 with its tanh units and average pooling; the output layer gives logits.

    Source: LeCun, Bottou, Bengio, Haffner 1998, section II.B. The paper's image of 32×32 is its 28×28 digit
    with a margin, which is "same" padding here; its sparse C3 connections are full ones, as is usual today.
    """
    image = keras.Input(input_shape, name="image")
    x = layers.Conv2D(6, 5, padding="same", activation="tanh", name="c1")(image)  # 28×28×6
    x = layers.AveragePooling2D(2, name="s2")(x)  # 14×14×6
    x = layers.Conv2D(16, 5, activation="tanh", name="c3")(x)  # 10×10×16
    x = layers.AveragePooling2D(2, name="s4")(x)  # 5×5×16
    x = layers.Conv2D(120, 5, activation="tanh", name="c5")(x)  # 1×1×120
    x = layers.Flatten(name="flatten")(x)  # 120
    x = layers.Dense(84, activation="tanh", name="f6")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="lenet5")


def deep(input_shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Model:
    """Build runs of 3×3 convolutions with batch normalisation, averaged over the image at the end.

    The average makes the class activation map exact (Zhou et al. 2016): a class's logit is the mean over the
    image of the last maps weighted by that class's row of the output layer.
    Source: Simonyan, Zisserman 2015 (runs of 3×3); Ioffe, Szegedy 2015; Lin, Chen, Yan 2014, section 3.2.
    """
    image = keras.Input(input_shape, name="image")
    x = _convolution(image, 32, "conv1")  # 28×28×32
    x = layers.MaxPooling2D(name="pool1")(x)  # 14×14×32
    x = _convolution(x, 64, "conv2")  # 14×14×64
    x = _convolution(x, 64, "conv3")
    x = layers.MaxPooling2D(name="pool2")(x)  # 7×7×64
    x = layers.Dropout(0.1, name="dropout1")(x)
    x = _convolution(x, 128, "conv4")  # 7×7×128
    x = _convolution(x, 128, "conv5")
    x = _convolution(x, 128, "conv6")
    x = layers.GlobalAveragePooling2D(name="average")(x)  # 128
    x = layers.Dropout(0.3, name="dropout2")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="deep")


def _convolution(x: keras.KerasTensor, filters: int, name: str) -> keras.KerasTensor:
    """Add a 3×3 convolution, normalised over the batch, then ReLU; the ReLU's output carries the name."""
    x = layers.Conv2D(
        filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_kernel"
    )(x)
    x = layers.BatchNormalization(momentum=0.99, name=f"{name}_norm")(x)
    return layers.ReLU(name=name)(x)
