"""Products of matrices and convolutions, as coarse as training can do with. The lab's side of the door."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tensorflow as tf


@functools.cache
def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 itself (AVX-512 BF16); without that it would be slower."""
    try:
        return "avx512_bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False


def rounded(x: tf.Tensor) -> tf.Tensor:
    """x in bfloat16 where the processor multiplies that, else as it is."""
    return tf.cast(x, tf.bfloat16) if has_bfloat16() else x


def product(
    left: tf.Tensor, right: tf.Tensor, times: Callable[..., tf.Tensor] = tf.matmul, **how: Any
) -> tf.Tensor:
    """left times right, float32; both are rounded before, and the sums within are float32.

    Source: Kalamkar et al. 2019, section 3 (bfloat16 needs no scaling of the loss); weights and what is added
    to them stay float32, as in Micikevicius et al. 2018, section 3.1.
    """
    return tf.cast(times(rounded(left), rounded(right), **how), tf.float32)
