"""Set the first weights of a network by the images that it is to learn from."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

WHITENING = "whitening"  # the name of the layer
WHITENED = 5_000  # images, at most, that the kernels are computed from
SMALLEST = 5e-4  # added to each variance, so that noise is not made as strong as the picture


def whiten(model: keras.Model, images: tf.Tensor) -> None:
    """Set the kernels of the layer named ``WHITENING``, if there is one, by uint8 images, N×H×W×C.

    They are the principal components of the patches that the layer sees, each divided by its standard
    deviation, then the same with the opposite sign: so the layer's outputs are uncorrelated, with the same
    variance. Source: Jordan 2024, 94% on CIFAR-10 in 3.29 seconds on a single GPU, section 3.2.
    """
    layer = next((layer for layer in model.layers if layer.name == WHITENING), None)
    if layer is None:
        return
    before = keras.Model(model.input, layer.input)
    seen = before(tf.cast(images[:WHITENED], tf.float32) / 255)
    size, channels = layer.kernel_size[0], layer.kernel.shape[2]
    patches = tf.image.extract_patches(seen, [1, size, size, 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID")
    patches = np.reshape(patches, [-1, size * size * channels]).astype(np.float64)
    variances, components = np.linalg.eigh(patches.T @ patches / len(patches))
    kernels = components / np.sqrt(variances + SMALLEST)
    kernels = np.concatenate([kernels, -kernels], axis=1)
    layer.kernel.assign(kernels.reshape(layer.kernel.shape))
