"""Update the kernels of convolutions by an orthogonal matrix, all other weights by SGD."""

from __future__ import annotations

import keras
import tensorflow as tf

from core.lab.training.fast.sgd import FusedSGD

KERNEL_MOMENTUM = 0.6
KERNELS = 0.16  # times the learning rate: for the kernels of convolutions
ITERATIONS = 3


class FusedMuon(FusedSGD):
    """Muon for the kernels of convolutions; everything else learns as in ``FusedSGD``.

    A kernel is a matrix with a column for each map. Its gradient's running sum, with Nesterov momentum, is
    replaced by an orthogonal matrix near it, so that all directions learn equally fast; and the kernel keeps
    the norm √maps, as its size matters to nothing behind a batch normalisation.
    Source: Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks; the constants as in
    Jordan's airbench94_muon.py.
    """

    def _move(self, variable: keras.Variable, gradient: tf.Tensor, rate: tf.Tensor) -> None:
        if len(variable.shape) < 4:
            super()._move(variable, gradient, rate)
            return
        total = self.momentums[self._get_variable_index(variable)]
        kernel, summed = moved_kernel(
            tf.convert_to_tensor(variable), tf.convert_to_tensor(total), gradient, rate
        )
        variable.assign(kernel)
        total.assign(summed)


def moved_kernel(
    kernel: tf.Tensor, total: tf.Tensor, gradient: tf.Tensor, rate: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Return a kernel (H×W×C×maps) after a step of Muon, and its gradient's new running sum."""
    total = KERNEL_MOMENTUM * total + gradient
    direction = gradient + KERNEL_MOMENTUM * total
    maps = kernel.shape[-1]
    matrix = tf.reshape(kernel, [-1, maps])
    matrix *= maps**0.5 / tf.norm(matrix)
    matrix -= rate * KERNELS * nearly_orthogonal(tf.reshape(direction, [-1, maps]))
    return tf.reshape(matrix, kernel.shape), total


def nearly_orthogonal(matrix: tf.Tensor) -> tf.Tensor:
    """Return a matrix with the same singular vectors, all of whose singular values are near 1.

    They come to between 0.7 and 1.2 unless they are less than a hundredth of the norm.
    Source: Jordan et al. 2024, section 2: Newton and Schulz's iteration with a quintic polynomial.
    """
    wide = matrix.shape[0] < matrix.shape[1]
    x = tf.transpose(matrix) if wide else matrix
    x /= tf.norm(x) + 1e-7
    for _ in range(ITERATIONS):
        square = tf.matmul(x, x, transpose_a=True)
        x = 3.4445 * x + tf.matmul(x, -4.7750 * square + 2.0315 * tf.matmul(square, square))
    return tf.transpose(x) if wide else x
