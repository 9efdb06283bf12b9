"""Compute what networks answer to a corrupted glyph, and their probabilities over a corruption's strength."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.contract.architectures import ENSEMBLE
from core.images.corruptions import Corruption, Strengths, corrupted
from core.inference.classifier import Classifier
from core.inference.picture_reading import Verdict, verdict

SMALL = 64  # pixels of an image's height; a larger one takes a backbone, which needs some 30 ms for each
POINTS, FEW_POINTS = 41, 13


@dataclass(frozen=True)
class RobustAnswer:
    """The answer of one network, or of all together, to one image."""

    title: str  # of the network's card, or ENSEMBLE
    family: str
    label: int
    probability: float
    verdict: Verdict


@dataclass(frozen=True)
class ProbabilityCurve:
    """One network's probabilities over a sweep of strengths."""

    title: str  # of the network's card, or ENSEMBLE
    family: str
    refuse_below: float
    probabilities: np.ndarray  # strengths×classes

    def changes(self) -> np.ndarray:
        """Return the places (from 1) where the likeliest class differs from that of the place before."""
        best = self.probabilities.argmax(axis=1)
        return np.nonzero(best[1:] != best[:-1])[0] + 1

    def answer(self, place: int) -> RobustAnswer:
        """Return the answer at one place of the sweep."""
        probabilities = self.probabilities[place]
        label = int(probabilities.argmax())
        probability = float(probabilities[label])
        return RobustAnswer(
            self.title, self.family, label, probability, verdict(probability, self.refuse_below)
        )


def probability_curves(readers: Sequence[Classifier], images: np.ndarray) -> list[ProbabilityCurve]:
    """Return each network's curve over images (N×H×W or N×H×W×C uint8), then that of all together.

    A single network has no ensemble. The networks must have the same classes. The ensemble is that of
    ``core.inference.picture_reading.ensemble``.
    """
    each = [
        ProbabilityCurve(r.card.title, r.card.family, r.card.refuse_below, r.probabilities(images))
        for r in readers
    ]
    if len(each) < 2:
        return each
    mean = np.mean([curve.probabilities for curve in each], axis=0)
    refuse_below = float(np.mean([curve.refuse_below for curve in each]))
    return [*each, ProbabilityCurve(ENSEMBLE, ENSEMBLE, refuse_below, mean)]


def sweep_strength(
    pixels: np.ndarray, strengths: Strengths, corruption: Corruption, seed: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the strengths of one corruption (N, ascending) and the glyph at each (N×H×W or N×H×W×C uint8).

    The other corruptions keep their strengths, so the curve passes through the image that is shown.
    """
    values = corruption.sweep(POINTS if len(pixels) <= SMALL else FEW_POINTS)
    images = [corrupted(pixels, replace(strengths, **{corruption.name: float(v)}), seed) for v in values]
    return values, np.stack(images)
