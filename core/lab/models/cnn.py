"""Define convolutional networks: an image in, one logit per class out.

Every builder takes ``input_shape`` (height, width, channels) and the number of ``classes``; the model maps
float32 images in [0, 1], N×H×W×C, to logits, N×classes. Shapes in comments are those of the default input.
"""

from __future__ import annotations

import keras
import numpy as np
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


def tiny(input_shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Model:
    """Build four small convolutions with batch normalisation: 5,594 parameters for 28×28×1 and ten classes.

    A network of this size learns best from the answers of a larger one (Hinton, Vinyals, Dean 2015).
    Source: as ``deep``, with an eighth of its maps.
    """
    image = keras.Input(input_shape, name="image")
    x = _normalised(image, 8, "conv1")  # 28×28×8
    x = layers.MaxPooling2D(name="pool1")(x)  # 14×14×8
    x = _normalised(x, 16, "conv2")  # 14×14×16
    x = _normalised(x, 16, "conv3")
    x = layers.MaxPooling2D(name="pool2")(x)  # 7×7×16
    x = _normalised(x, 12, "conv4")  # 7×7×12
    x = layers.GlobalAveragePooling2D(name="average")(x)  # 12
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="tiny")


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
    x = _normalised(image, 32, "conv1")  # 28×28×32
    x = layers.MaxPooling2D(name="pool1")(x)  # 14×14×32
    x = _normalised(x, 64, "conv2")  # 14×14×64
    x = _normalised(x, 64, "conv3")
    x = layers.MaxPooling2D(name="pool2")(x)  # 7×7×64
    x = layers.Dropout(0.1, name="dropout1")(x)
    x = _normalised(x, 128, "conv4")  # 7×7×128
    x = _normalised(x, 128, "conv5")
    x = _normalised(x, 128, "conv6")
    x = layers.GlobalAveragePooling2D(name="average")(x)  # 128
    x = layers.Dropout(0.3, name="dropout2")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="deep")


def alexnet(input_shape: Shape = (32, 32, 3), classes: int = 10) -> keras.Model:
    """Build an AlexNet-style CNN for small pictures.

    Kept from the paper: five convolutions and three dense layers, ReLU, max pooling after the first, second
    and fifth convolution with windows of 3 that overlap (3.4), dropout of 0.5 before both hidden dense layers
    (4.2). Scaled to small pictures: kernels of 3×3 with stride 1 in place of 11×11 with stride 4 and 5×5, a
    sixth to a third of the filters, dense layers of 256 in place of 4,096. Left out: local response
    normalisation and the division into two groups of filters, one for each GPU.
    Source: Krizhevsky, Sutskever, Hinton 2012, ImageNet classification with deep convolutional networks.
    """
    image = keras.Input(input_shape, name="image")
    x = layers.Conv2D(32, 3, padding="same", activation="relu", name="conv1")(image)  # 32×32×32
    x = layers.MaxPooling2D(3, 2, padding="same", name="pool1")(x)  # 16×16×32
    x = layers.Conv2D(64, 3, padding="same", activation="relu", name="conv2")(x)  # 16×16×64
    x = layers.MaxPooling2D(3, 2, padding="same", name="pool2")(x)  # 8×8×64
    x = layers.Conv2D(128, 3, padding="same", activation="relu", name="conv3")(x)  # 8×8×128
    x = layers.Conv2D(128, 3, padding="same", activation="relu", name="conv4")(x)
    x = layers.Conv2D(96, 3, padding="same", activation="relu", name="conv5")(x)  # 8×8×96
    x = layers.MaxPooling2D(3, 2, padding="same", name="pool5")(x)  # 4×4×96
    x = layers.Flatten(name="flatten")(x)  # 1536
    for name in ("6", "7"):
        x = layers.Dropout(0.5, name=f"dropout{name}")(x)
        x = layers.Dense(256, activation="relu", name=f"dense{name}")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="alexnet")


def inception(input_shape: Shape = (32, 32, 3), classes: int = 10) -> keras.Model:
    """Build an Inception-style CNN for small pictures.

    Kept from the paper: modules of four branches side by side (1×1; 1×1 then 3×3; 1×1 then 5×5; 3×3 max
    pooling then 1×1), whose maps are concatenated (figure 2b), and the average over the image before the last
    layer. Scaled to small pictures: four modules in place of nine, about a quarter of the filters, one 3×3
    convolution in place of the stem that reduces 224 pixels to 28. Batch normalisation is that of the
    network's next version (Ioffe, Szegedy 2015). Left out: the two auxiliary classifiers.
    Source: Szegedy et al. 2015, Going deeper with convolutions, section 4 and table 1.
    """
    image = keras.Input(input_shape, name="image")
    x = _normalised(image, 32, "conv1")  # 32×32×32
    x = layers.MaxPooling2D(name="pool1")(x)  # 16×16×32
    x = _module(x, (16, 24, 32, 4, 8, 8), "inception1")  # 16×16×64
    x = _module(x, (32, 32, 48, 8, 24, 16), "inception2")  # 16×16×120
    x = layers.MaxPooling2D(name="pool2")(x)  # 8×8×120
    x = _module(x, (48, 24, 52, 4, 12, 16), "inception3")  # 8×8×128
    x = _module(x, (64, 40, 80, 8, 32, 32), "inception4")  # 8×8×208
    x = layers.GlobalAveragePooling2D(name="average")(x)  # 208
    x = layers.Dropout(0.4, name="dropout")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="inception")


def resnet(input_shape: Shape = (32, 32, 3), classes: int = 10) -> keras.Model:
    """Build a ResNet-style CNN for small pictures that learns in few epochs.

    Kept from the ResNet paper: the result of two convolutions is added to their input (figure 2), batch
    normalisation follows every convolution. Changed: three blocks, each after a convolution with max pooling
    that changes size and number of the maps, so that no shortcut has to; no ReLU follows the addition. The
    rest is that of a network made to learn CIFAR-10 fast: a fixed first layer of 2×2 that whitens (see
    ``core.lab.training.first_weights``), kernels that at first pass their input on, normalisation without
    scale, small logits. Its GELU is replaced by SiLU.
    Source: He, Zhang, Ren, Sun 2016, Deep residual learning for image recognition, section 3; Jordan 2024,
    94% on CIFAR-10 in 3.29 seconds on a single GPU, section 3.
    """
    image = keras.Input(input_shape, name="image")
    x = layers.Rescaling(4.0, -1.9, name="centred")(image)  # about the mean and spread of photographs
    filters = 8 * input_shape[2]  # for each number of a patch of 2×2, one kernel and its negative
    x = layers.Conv2D(filters, 2, use_bias=False, trainable=False, name="whitening")(x)  # 31×31×24
    x = layers.Activation("silu", name="conv1")(x)
    for number, filters in enumerate((64, 256, 256), start=2):
        x = _passing_on(x, filters, f"conv{number}", pooled=True)  # 15×15×64, 7×7×256, 3×3×256
        inner = _passing_on(_passing_on(x, filters, f"block{number}a"), filters, f"block{number}b")
        x = layers.Add(name=f"add{number}")([x, inner])
    x = layers.GlobalMaxPooling2D(name="maximum")(x)  # 256
    x = layers.Rescaling(1 / 9, name="scaled")(x)
    logits = layers.Dense(classes, use_bias=False, kernel_initializer=_uniform(), name="logits")(x)
    model = keras.Model(image, logits, name="resnet")
    for layer in model.layers:
        if layer.name.endswith("_kernel"):
            _pass_input_on(layer)
    return model


def _pass_input_on(layer: layers.Conv2D) -> None:
    """Let the first outputs of a 3×3 convolution be its inputs."""
    kernel = keras.ops.convert_to_numpy(layer.kernel).copy()
    inputs = kernel.shape[2]
    kernel[:, :, :, :inputs] = 0.0
    kernel[1, 1, :, :inputs] = np.eye(inputs)
    layer.kernel.assign(kernel)


def _uniform() -> keras.Initializer:
    """Return what draws weights between ± 1 / √inputs."""
    return keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform")


def _passing_on(x: keras.KerasTensor, filters: int, name: str, pooled: bool = False) -> keras.KerasTensor:
    """Add a 3×3 convolution, max pooling if asked for, normalisation without scale, then SiLU."""
    x = layers.Conv2D(
        filters, 3, padding="same", use_bias=False, kernel_initializer=_uniform(), name=f"{name}_kernel"
    )(x)
    if pooled:
        x = layers.MaxPooling2D(name=f"{name}_pool")(x)
    x = layers.BatchNormalization(momentum=0.6, epsilon=1e-5, scale=False, name=f"{name}_norm")(x)
    return layers.Activation("silu", name=name)(x)


def _module(
    x: keras.KerasTensor, filters: tuple[int, int, int, int, int, int], name: str
) -> keras.KerasTensor:
    """Add an Inception module; ``filters`` as in table 1: 1×1, 3×3 reduce, 3×3, 5×5 reduce, 5×5, pooled."""
    single, reduced3, wide3, reduced5, wide5, pooled = filters
    pool = layers.MaxPooling2D(3, 1, padding="same", name=f"{name}_pool")(x)
    branches = [
        _normalised(x, single, f"{name}_1x1", 1),
        _normalised(_normalised(x, reduced3, f"{name}_reduce3", 1), wide3, f"{name}_3x3"),
        _normalised(_normalised(x, reduced5, f"{name}_reduce5", 1), wide5, f"{name}_5x5", 5),
        _normalised(pool, pooled, f"{name}_pooled", 1),
    ]
    return layers.Concatenate(name=name)(branches)


def _normalised(x: keras.KerasTensor, filters: int, name: str, size: int = 3) -> keras.KerasTensor:
    """Add a square convolution, normalised over the batch, then ReLU; the ReLU's output carries the name."""
    x = layers.Conv2D(
        filters, size, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_kernel"
    )(x)
    x = layers.BatchNormalization(momentum=0.99, name=f"{name}_norm")(x)
    return layers.ReLU(name=name)(x)
