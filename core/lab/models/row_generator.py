"""Define the recurrent network that draws images row by row, and its loss.

It maps sequences, N×H×(W + classes), each step the row before (zeros at first) and the class (one number
each, all 0 for any), to mixtures for the rows, N×H×components·(W + 1): log weights, then the components'
logits of ink, as ``core.inside.row_completion`` reads them.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from keras import layers


def row_generator(height: int, width: int, classes: int, units: int, components: int) -> keras.Model:
    """Build one GRU layer, then the mixture.

    Source: Graves 2013, sections 2 and 4; Cho et al. 2014 (GRU).
    """
    rows = keras.Input((height, width + classes), name="rows")
    state = layers.GRU(units, return_sequences=True, unroll=True, name="gru")(rows)  # 28×units
    return keras.Model(rows, layers.Dense(components * (width + 1), name="mixture")(state), name="rows")


def negative_log_likelihood(images: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """Return nats per image (N), of images N×H×W from 0 to 1: grey counts as that share of ink."""
    width = images.shape[-1]
    components = outputs.shape[-1] // (width + 1)
    weights = tf.nn.log_softmax(outputs[..., :components])
    logits = tf.reshape(outputs[..., components:], (-1, images.shape[1], components, width))
    targets = tf.broadcast_to(images[:, :, None], tf.shape(logits))
    by_component = -tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(targets, logits), axis=-1)
    return -tf.reduce_sum(tf.reduce_logsumexp(weights + by_component, axis=-1), axis=-1)
