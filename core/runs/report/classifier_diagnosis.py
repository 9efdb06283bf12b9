"""Diagnose a classifier that has learnt nothing: it does no better than the same answer for every image."""

from __future__ import annotations

import math

import numpy as np

from core.contract.config import ClassifierConfig, TrainingConfig
from core.contract.events import Finished
from core.language import gettext
from core.runs.report.gan_diagnosis import Finding

_DEFAULT_RATE = ClassifierConfig().learning_rate
_FEW_STEPS = 300
_DEVIATIONS = 3  # standard deviations of a count of right guesses
_ONE_CLASS = 0.99  # of all answers


def diagnose_end(config: TrainingConfig, finished: Finished) -> Finding | None:
    """Return what is wrong with a classifier that has learnt nothing; None for all other networks.

    The test images tell: their confusion matrix, and the mean cross-entropy beside that of a network that
    gives each class its share of the images as the probability, whatever the image.
    """
    if not isinstance(config, ClassifierConfig) or "test_loss" not in finished.metrics:
        return None
    loss, steps = finished.metrics["test_loss"], finished.step
    counts = np.asarray(finished.confusion, float)
    total = counts.sum()
    if not total:
        return None
    right, shares = np.trace(counts) / total, counts.sum(axis=1) / total
    trivial = shares.max()
    if trivial > _ONE_CLASS:
        return None  # such images cannot tell
    chance = trivial + _DEVIATIONS * math.sqrt(trivial * (1 - trivial) / total)
    answers = counts.sum(axis=0) / total
    one_class = answers.max() > _ONE_CLASS
    trivial_loss = float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())
    if not one_class and (right > chance or loss < trivial_loss):
        return None
    values = {"accuracy": float(right), "trivial": float(trivial), "remedy": _remedy(config, steps)}
    if one_class:
        text = gettext(
            "The network has learnt nothing: it gives all test images the same class, and {accuracy:.1%} of "
            "them belong to it. {remedy}",
            **values,
        )
    else:
        text = gettext(
            "The network has learnt nothing: it reads {accuracy:.1%} of the test images correctly, and "
            "giving all of them the same class would reach {trivial:.1%}. {remedy}",
            **values,
        )
    return Finding("bad", text)


def _remedy(config: ClassifierConfig, steps: int) -> str:
    """Return what to change, judged by what differs most from settings that usually work."""
    if config.learning_rate > 10 * _DEFAULT_RATE:
        return gettext(
            "The learning rate of {rate:g} is probably too high: try again with {default:g}.",
            rate=config.learning_rate,
            default=_DEFAULT_RATE,
        )
    if steps < _FEW_STEPS:
        return gettext("It has taken only {steps:,} steps: try again with more epochs.", steps=steps)
    if config.learning_rate < _DEFAULT_RATE / 10:
        return gettext(
            "The learning rate of {rate:g} is probably too low: try again with {default:g}.",
            rate=config.learning_rate,
            default=_DEFAULT_RATE,
        )
    return gettext("Try another architecture, and check that the pictures are in the right classes.")
