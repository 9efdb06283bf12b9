"""Compute gradients of a classifier with respect to its image: adversarial steps and integrated gradients.

Networks are Keras models from float32 images in [0, 1] (N×H×W×C) to logits (N×classes).
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

PGD_STEPS = 10
STEP_SHARE = 2.5  # of strength / PGD_STEPS: the length of a step, as in the paper's own code
PATH_STEPS = 32  # points of the path of integrated gradients


def loss_gradient(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the gradient of each image's cross-entropy with respect to the image, N×H×W×C."""
    inputs = tf.constant(images, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        logits = model(inputs, training=False)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.constant(labels, tf.int32), logits)
        total = tf.reduce_sum(losses)
    return tape.gradient(total, inputs).numpy()


def fgsm(
    model: keras.Model,
    images: np.ndarray,
    labels: np.ndarray,
    strength: float | np.ndarray,
    *,
    targeted: bool = False,
) -> np.ndarray:
    """Return images after one step along the sign of the gradient.

    Its length, from 0 to 1, is one number or N×1×1×1. The step raises the loss of the labels or, if
    ``targeted``, lowers it.
    Source: Goodfellow, Shlens, Szegedy 2015, Explaining and harnessing adversarial examples, section 4.
    """
    sign = -1 if targeted else 1
    return np.clip(images + sign * strength * np.sign(loss_gradient(model, images, labels)), 0, 1)


def pgd(
    model: keras.Model,
    images: np.ndarray,
    labels: np.ndarray,
    strength: float | np.ndarray,
    *,
    targeted: bool = False,
    steps: int = PGD_STEPS,
) -> np.ndarray:
    """Return images after several smaller steps, none further than ``strength`` from where it began.

    The first step starts at the image itself, so that the result is the same every time.
    Source: Madry et al. 2018, Towards deep learning models resistant to adversarial attacks, section 2.1.
    """
    length = STEP_SHARE * strength / steps
    found = images
    for _ in range(steps):
        stepped = fgsm(model, found, labels, length, targeted=targeted)
        found = np.clip(stepped, images - strength, images + strength)
    return np.clip(found, 0, 1)


def integrated_gradients(
    model: keras.Model, image: np.ndarray, label: int, steps: int = PATH_STEPS
) -> np.ndarray:
    """Return how much each value of an image (H×W×C) adds to the logit of a class, counted from black.

    The parts sum to the difference between the logits of the image and of a black one. The integral is a sum
    over the midpoints of equal steps.
    Source: Sundararajan, Taly, Yan 2017, Axiomatic attribution for deep networks, section 3.
    """
    shares = (np.arange(steps, dtype=np.float32) + 0.5) / steps
    inputs = tf.constant(shares[:, None, None, None] * image[None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(model(inputs, training=False)[:, label])
    return image * tape.gradient(total, inputs).numpy().mean(axis=0)
