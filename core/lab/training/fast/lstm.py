"""Compute an LSTM layer over a whole sequence, with its gradients written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from core.lab.training.fast.products import product, rounded

BLOCK = 4  # rows that are traced together

Saved = list[tuple[tf.Tensor, ...]]  # for each row, what its gradients need
Traced = Callable[..., Any]


def lstm_reader() -> Callable[..., tf.Tensor]:
    """Return the function that computes an LSTM's outputs, N×T×units, from its inputs, N×T×M.

    Its other arguments are Keras's kernel, recurrent kernel and bias. The first state is zero.

    Back-propagation through time is written out, because differentiating row by row takes twice the time:
    here the gradient of the weights is one product for all rows instead of one for each row. Inside, the
    images are the last axis, so that the gates lie one after the other in memory and separating them copies
    nothing. Each direction is traced once for all blocks of rows, layers and shards of the same shape; a
    block runs on one thread.
    Source: Hochreiter, Schmidhuber 1997, with the forget gate of Gers et al. 2000; the gradients are those of
    Graves 2012, section 4.6, without peepholes.
    """
    forward, backward = _on_one_thread(forward_rows), _on_one_thread(backward_rows)

    def read(x: tf.Tensor, kernel: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
        outputs_of = tf.custom_gradient(lambda *given: _outputs(forward, backward, *given))
        return tf.transpose(tf.stack(outputs_of(x, kernel, recurrent, bias)), [2, 0, 1])

    return read


def _on_one_thread(function: Callable[..., Any]) -> Traced:
    """Return the function as one operation whose parts run in sequence, with no scheduler between them.

    It must not call another such function: TensorFlow would wait forever.
    """
    traced = tf.function(function, autograph=False, experimental_attributes={"_noinline": True})

    def call(*given: Any) -> Any:
        with tf.experimental.function_executor_type("SINGLE_THREADED_EXECUTOR"):
            return traced(*given)

    return call


def _outputs(
    forward: Traced,
    backward: Traced,
    x: tf.Tensor,
    kernel: tf.Tensor,
    recurrent: tf.Tensor,
    bias: tf.Tensor,
) -> tuple[list[tf.Tensor], Callable[..., tuple[tf.Tensor, ...]]]:
    """Return the outputs of all rows, units×N each, and the function of their gradients."""
    count, rows, inputs = x.shape
    weights = rounded(tf.transpose(tf.concat([kernel, bias[tf.newaxis], recurrent], axis=0)))
    x = tf.concat([tf.transpose(x, [1, 2, 0]), tf.ones([rows, 1, count])], axis=1)  # a one for the bias
    each_row = tf.unstack(rounded(x))
    zeros = output = memory = tf.zeros([recurrent.shape[0], count])
    outputs, multiplied, blocks = [], [], []
    for first in range(0, rows, BLOCK):
        of_block, factors, saved, memory = forward(each_row[first : first + BLOCK], output, memory, weights)
        output = of_block[-1]
        outputs += of_block
        multiplied += factors
        blocks.append(saved)

    def gradients(*upstream: tf.Tensor) -> tuple[tf.Tensor, ...]:
        above = list(upstream)
        by_output = by_memory = zeros
        backwards = rounded(recurrent)
        by_sums: list[tf.Tensor] = []
        for saved in reversed(blocks):
            above, of_rows = above[: -len(saved)], above[-len(saved) :]
            of_block, by_output, by_memory = backward(of_rows, by_output, by_memory, backwards, saved)
            by_sums = of_block + by_sums
        by_every_sum = tf.concat(by_sums, axis=1)
        by_weights = product(tf.concat(multiplied, axis=1), by_every_sum, transpose_b=True)
        by_kernel, by_bias, by_recurrent = tf.split(by_weights, [inputs, 1, recurrent.shape[0]], axis=0)
        by_x = tf.reshape(product(kernel, by_every_sum), [inputs, rows, count])
        return tf.transpose(by_x, [2, 1, 0]), by_kernel, by_recurrent, by_bias[0]

    return outputs, gradients


def forward_rows(
    rows: list[tf.Tensor], output: tf.Tensor, memory: tf.Tensor, weights: tf.Tensor
) -> tuple[list[tf.Tensor], list[tf.Tensor], Saved, tf.Tensor]:
    """Compute some rows, from their inputs, (M+1)×N each, and the output and memory of the row before.

    Returns the outputs, units×N each; the factors by which the weights, 4·units×(M+1+units), were multiplied
    (each row's inputs and the outputs of the row before); for each row its gates, its candidate, the memory
    before it, and the tanh of the memory after it; and the memory after the last row.
    """
    units = memory.shape[0]
    axis, sizes = tf.constant(0), tf.constant([2 * units, units, units])  # once for all rows
    outputs, factors, saved = [], [], []
    for row in rows:
        factor = tf.concat([row, rounded(output)], axis)
        gates, candidate, outgoing = tf.split(product(weights, factor), sizes, axis, num=3)
        ingoing, kept = tf.split(tf.sigmoid(gates), 2, axis)
        candidate, outgoing = tf.tanh(candidate), tf.sigmoid(outgoing)
        after = kept * memory + ingoing * candidate
        squashed = tf.tanh(after)
        saved.append((ingoing, kept, candidate, outgoing, memory, squashed))
        output, memory = outgoing * squashed, after
        outputs.append(output)
        factors.append(factor)
    return outputs, factors, saved, memory


def backward_rows(
    upstream: list[tf.Tensor],
    by_output: tf.Tensor,
    by_memory: tf.Tensor,
    recurrent: tf.Tensor,
    saved: Saved,
) -> tuple[list[tf.Tensor], tf.Tensor, tf.Tensor]:
    """Return the gradients by each row's sums of the gates, by the output before and by the memory before.

    Those by the sums are 4·units×N for each row, and rounded. ``upstream`` holds those by each row's outputs,
    as the layers above use them; ``by_output`` and ``by_memory`` are those by the last row's, as the next row
    uses them.
    """
    sigmoid, tanh = tf.raw_ops.SigmoidGrad, tf.raw_ops.TanhGrad  # of the function's value, not its argument
    axis = tf.constant(0)
    by_sums: list[tf.Tensor] = []
    for above, row in zip(reversed(upstream), reversed(saved), strict=True):
        ingoing, kept, candidate, outgoing, memory, squashed = row
        by_output += above
        by_memory += tanh(y=squashed, dy=by_output * outgoing)
        gates = (
            sigmoid(y=ingoing, dy=by_memory * candidate),
            sigmoid(y=kept, dy=by_memory * memory),
            tanh(y=candidate, dy=by_memory * ingoing),
            sigmoid(y=outgoing, dy=by_output * squashed),
        )
        by_sums.append(rounded(tf.concat(gates, axis)))
        by_output = product(recurrent, by_sums[-1])
        by_memory *= kept
    return by_sums[::-1], by_output, by_memory
