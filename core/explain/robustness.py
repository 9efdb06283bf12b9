"""What networks answer to one glyph under corruptions, and how their confidence runs over a strength."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.images.corruptions import Corruption, Strengths, corrupted
from core.inference.classifier import Classifier
from core.inference.picture_reading import Verdict, verdict


@dataclass(frozen=True)
class RobustAnswer:
    """What one network, or all together, make of one image."""

    title: str
    family: str
    label: int
    probability: float
    verdict: Verdict


@dataclass(frozen=True)
class ProbabilityCurve:
    """One network's probabilities over a sweep of strengths."""

    title: str
    family: str
    refuse_below: float
    probabilities: np.ndarray  # strengths×classes

    def changes(self) -> np.ndarray:
        """The places (1 and up) at which another class is the likeliest than just before."""
        best = self.probabilities.argmax(axis=1)
        return np.nonzero(best[1:] != best[:-1])[0] + 1

    def answer(self, place: int) -> RobustAnswer:
        """The answer at one place."""
        probabilities = self.probabilities[place]
        label = int(probabilities.argmax())
        sure = float(probabilities[label])
        return RobustAnswer(self.title, self.family, label, sure, verdict(sure, self.refuse_below))


def probability_curves(readers: Sequence[Classifier], images: np.ndarray) -> list[ProbabilityCurve]:
    """The course of each network over images (N×H×W or N×H×W×C uint8), and of several together.

    The networks tell the same classes apart. The ensemble is that of
    ``core.inference.picture_reading.ensemble``.
    """
    each = [
        ProbabilityCurve(r.card.title, r.card.family, r.card.refuse_below, r.probabilities(images))
        for r in readers
    ]
    if len(each) < 2:
        return each
    mean = np.mean([course.probabilities for course in each], axis=0)
    return [
        *each,
        ProbabilityCurve("Together", "ensemble", float(np.mean([c.refuse_below for c in each])), mean),
    ]


def sweep_strength(
    pixels: np.ndarray, strengths: Strengths, corruption: Corruption, seed: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The strengths of one corruption (N, ascending) and the glyph at each (N×H×W or N×H×W×C uint8).

    The other corruptions stay as they are set, so the curve passes through what is now shown.
    """
    values = corruption.sweep()
    images = [corrupted(pixels, replace(strengths, **{corruption.name: float(v)}), seed) for v in values]
    return values, np.stack(images)
