"""An LSTM layer's rows and their gradients, written out. The lab's side of the door: imports TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from core.training.products import product, rounded


def lstm_rows() -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """The function that gives an LSTM's outputs, N×T×units, from what its inputs contribute and its weights.

    Its arguments: the inputs times the kernel, plus bias, N×T×4·units, the gates in Keras's order (input,
    forget, candidate, output); and the recurrent kernel, units×4·units. The first state is zero.

    Back-propagation through time is written out, since differentiating row by row takes twice the time: here
    the recurrent kernel's gradient is one product for all rows instead of one a row. Both directions are
    traced once, for all layers and shards of the same shape.
    Source: Hochreiter, Schmidhuber 1997, with the forget gate of Gers et al. 2000; the gradients are those of
    Graves 2012, section 4.6, without peepholes.
    """
    forward = tf.function(_forward, autograph=False)
    backward = tf.function(_backward, autograph=False)

    @tf.custom_gradient
    def rows(x: tf.Tensor, recurrent: tf.Tensor) -> Any:
        outputs, saved = forward(x, recurrent)
        return outputs, lambda upstream: backward(upstream, recurrent, outputs, saved)

    return rows


def _forward(x: tf.Tensor, recurrent: tf.Tensor) -> tuple[tf.Tensor, list[tuple[tf.Tensor, ...]]]:
    """The outputs, N×T×units; and of each row the gates, the memory before it and the squashed one after."""
    output = memory = tf.zeros([x.shape[0], recurrent.shape[0]])
    recurrent, outputs, saved = rounded(recurrent), [], []
    for row in tf.unstack(x, axis=1):
        sums = row + product(output, recurrent)
        _, _, candidate, _ = tf.split(sums, 4, axis=1)
        ingoing, kept, _, outgoing = tf.split(tf.sigmoid(sums), 4, axis=1)
        candidate = tf.tanh(candidate)
        after = kept * memory + ingoing * candidate
        squashed = tf.tanh(after)
        saved.append((ingoing, kept, candidate, outgoing, memory, squashed))
        output, memory = outgoing * squashed, after
        outputs.append(output)
    return tf.stack(outputs, axis=1), saved


def _backward(
    upstream: tf.Tensor,
    recurrent: tf.Tensor,
    outputs: tf.Tensor,
    saved: list[tuple[tf.Tensor, ...]],
) -> tuple[tf.Tensor, tf.Tensor]:
    """The gradients by ``x`` and by the recurrent kernel, for that by the outputs."""
    sigmoid, tanh = tf.raw_ops.SigmoidGrad, tf.raw_ops.TanhGrad  # of the function's value, not its argument
    by_output = by_memory = tf.zeros_like(saved[0][0])
    recurrent = rounded(recurrent)
    by_sums: list[tf.Tensor] = []
    for above, row in zip(reversed(tf.unstack(upstream, axis=1)), reversed(saved), strict=True):
        ingoing, kept, candidate, outgoing, memory, squashed = row
        by_output += above
        by_memory += tanh(y=squashed, dy=by_output * outgoing)
        gates = (
            sigmoid(y=ingoing, dy=by_memory * candidate),
            sigmoid(y=kept, dy=by_memory * memory),
            tanh(y=candidate, dy=by_memory * ingoing),
            sigmoid(y=outgoing, dy=by_output * squashed),
        )
        by_sums.append(tf.concat(gates, axis=1))
        by_output = product(by_sums[-1], recurrent, transpose_b=True)
        by_memory *= kept
    by_x = tf.stack(by_sums[::-1], axis=1)
    before = tf.pad(outputs[:, :-1], [[0, 0], [1, 0], [0, 0]])  # what each row was given
    flat = [tf.reshape(values, [-1, values.shape[-1]]) for values in (before, by_x)]
    return by_x, product(*flat, transpose_a=True)
