"""Compare a discriminator's answer to one image with those to others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class DiscriminatorAnswer:
    """The probability that an image is real, and how it compares with the others."""

    probability: float  # D(x), from 0 to 1
    higher_than: float | None  # share of the other images with a lower probability; None without others

    @property
    def is_real(self) -> bool:
        """True if the image is more likely real than generated."""
        return self.probability >= 0.5


def answer_for(logits: np.ndarray, number: int) -> DiscriminatorAnswer:
    """Return the answer for one of several images, whose logits (N) are given; above 0 is "real".

    The probability is the logit's sigmoid. Source: Goodfellow et al. 2014, section 3.
    """
    probability = 1 / (1 + math.exp(-float(np.clip(logits[number], -700, 700))))
    others = np.delete(logits, number)
    return DiscriminatorAnswer(probability, float(np.mean(others < logits[number])) if len(others) else None)
