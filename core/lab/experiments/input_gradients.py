"""Compute gradients of a classifier with respect to its image: adversarial steps and integrated gradients.

Networks are Keras models from float32 images in [0, 1] (N×H×W×C) to logits (N×classes).
"""

from __future__ import annotations

import cv2
import keras
import numpy as np
import tensorflow as tf

PGD_STEPS = 10
STEP_SHARE = 2.5  # of strength / PGD_STEPS: the length of a step, as in the paper's own code
PATH_STEPS = 32  # points of the path of integrated gradients
ASCENT_STEPS = 60
ASCENT_RATE = 0.05  # of white: the standard deviation of a step
SMOOTHED_EVERY = 4  # steps; without it the image is noise that no picture has
SMOOTHING = 0.6  # standard deviation of the blur in pixels


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


def exciting_image(
    model: keras.Model, layer: str, unit: int, seed: int, steps: int = ASCENT_STEPS
) -> tuple[np.ndarray, np.ndarray]:
    """Return an image (H×W×C) that excites a unit of a layer, and the unit's mean activation by step.

    Gradient ascent from faint noise, with a blur now and then. Sources: Erhan, Bengio, Courville, Vincent
    2009, Visualizing higher-layer features of a deep network; the blur is Yosinski et al. 2015, section 3.
    """
    until = keras.Model(model.inputs, model.get_layer(layer).output)

    @tf.function(autograph=False)  # an unrolled RNN would take a second a step without it
    def ascent(inputs: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            activation = tf.reduce_mean(until(inputs, training=False)[..., unit])
        return activation, tape.gradient(activation, inputs)

    image = np.random.default_rng(seed).uniform(0, 0.1, model.inputs[0].shape[1:]).astype(np.float32)
    activations = []
    for step in range(steps):
        activation, gradients = ascent(tf.constant(image[None]))
        gradient = gradients.numpy()[0]
        activations.append(float(activation))
        image = image + ASCENT_RATE * gradient / max(float(gradient.std()), 1e-8)
        if step % SMOOTHED_EVERY == SMOOTHED_EVERY - 1:
            image = cv2.GaussianBlur(image, (0, 0), SMOOTHING).reshape(image.shape)
        image = np.clip(image, 0, 1).astype(np.float32)
    return image, np.array(activations)
