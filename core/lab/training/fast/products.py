"""Multiply matrices and convolve, in the lower precision that is enough for training."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import tensorflow as tf

_FLOAT32_ONLY = ContextVar("float32_only", default=False)


@contextmanager
def float32_only() -> Iterator[None]:
    """Compute the products of functions that are traced inside in float32, to compare them with Keras's."""
    token = _FLOAT32_ONLY.set(True)
    try:
        yield
    finally:
        _FLOAT32_ONLY.reset(token)


@functools.cache
def has_bfloat16() -> bool:
    """Return whether this processor multiplies bfloat16 itself (AVX-512 BF16).

    On one that does not, bfloat16 would be slower than float32.
    """
    try:
        return "avx512_bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False


def rounded(x: tf.Tensor) -> tf.Tensor:
    """Return x in bfloat16 if the processor multiplies that, else x itself."""
    return tf.cast(x, tf.bfloat16) if has_bfloat16() and not _FLOAT32_ONLY.get() else x


def product(
    left: tf.Tensor, right: tf.Tensor, times: Callable[..., tf.Tensor] = tf.matmul, **options: Any
) -> tf.Tensor:
    """Return left times right in float32; both are rounded first, and the sums inside are float32.

    ``times`` is the product (a matrix product by default), ``options`` are its own.
    Source: Kalamkar et al. 2019, section 3 (bfloat16 needs no scaling of the loss); the weights and their
    updates stay float32, as in Micikevicius et al. 2018, section 3.1.
    """
    return tf.cast(times(rounded(left), rounded(right), **options), tf.float32)
