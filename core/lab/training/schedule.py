"""Schedule the learning rate over a run."""

from __future__ import annotations

import math

import tensorflow as tf

WARM_UP = 0.3  # share of the run in which the rate climbs
MUON_WARM_UP = 0.05  # the same for Muon, whose first steps are no larger than its others
START = 1 / 25  # of the peak
END = 1e-4  # of the peak
SLOWEST = 0.02  # of a GAN's learning rates, at its end


def one_cycle(step: tf.Tensor, total_steps: int, warm_up: float = WARM_UP) -> tf.Tensor:
    """Return the one-cycle schedule as a factor of its peak: a climb, then a long descent, along cosines.

    The climb takes a share of the run (``warm_up``).
    Source: Smith, Topin 2018, Super-convergence; the cosine shape as in fastai and PyTorch's ``OneCycleLR``.
    """
    progress = tf.cast(step, tf.float32) / max(total_steps - 1, 1)
    climb = _cosine(START, 1.0, progress / warm_up)
    descent = _cosine(1.0, END, (progress - warm_up) / (1 - warm_up))
    return tf.where(progress < warm_up, climb, descent)


def held_then_falling(step: tf.Tensor, total_steps: int, held: float = 0.5) -> tf.Tensor:
    """Return a factor that stays 1 for a share of the run (``held``), then falls along a cosine.

    Two players that keep their learning rate circle around each other to the end; slowed down, they settle.
    """
    progress = tf.cast(step, tf.float32) / max(total_steps - 1, 1)
    return _cosine(1.0, SLOWEST, (progress - held) / (1 - held))


def _cosine(start: float, end: float, progress: tf.Tensor) -> tf.Tensor:
    return end + (start - end) * 0.5 * (1 + tf.cos(math.pi * tf.clip_by_value(progress, 0.0, 1.0)))
