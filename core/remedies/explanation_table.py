"""Measure which maps of explanation find the pixels that a network uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from core.explain.class_activation import class_activation, has_maps
from core.explain.occlusion import occlusion
from core.inference.classifier import Classifier
from core.language import N_
from core.remedies.deletion import PixelCurves, area, pixel_curves, rank_correlation
from core.remedies.shipped_files import SHIPPED

FILE = SHIPPED / "explanations_{dataset}.json"
KINDS_OF_MAP = {  # ids: what visitors read
    "score_cam": N_("Class activation (Score-CAM)"),
    "occlusion": N_("Occlusion"),
    "gradient": N_("Integrated gradients"),
    "random": N_("Random"),
}
Explain = Callable[[np.ndarray, int], np.ndarray]
"""Function from an image (H×W×C uint8) and a class to a map (H×W)."""


@dataclass(frozen=True, kw_only=True)
class MeasuredMap:
    """Means over images for one kind of map of one network."""

    deletion: tuple[float, ...]  # probability of the answer while the most important pixels vanish
    insertion: tuple[float, ...]  # the same while they appear
    correlation: float  # of the map with that of the network with random weights, -1 to 1

    @property
    def gap(self) -> float:
        """Area under the insertion curve minus that under the deletion curve: the higher, the better."""
        return area(np.array(self.insertion)) - area(np.array(self.deletion))


@dataclass(frozen=True, kw_only=True)
class ExplanationTable:
    """Measured maps, by network and kind of map."""

    dataset: str
    images: int
    seed: int
    networks: Mapping[str, Mapping[str, MeasuredMap]] = field(default_factory=dict)

    def best(self, network: str) -> str:
        """Return the kind of map with the greatest gap between insertion and deletion."""
        maps = self.networks[network]
        return max(maps, key=lambda kind: maps[kind].gap)


def explainers(classifier: Classifier, integrated: Explain, seed: int) -> dict[str, Explain]:
    """Return the functions that make a network's maps, by kind.

    Args:
        classifier: whose answers are explained.
        integrated: returns integrated gradients, which need TensorFlow.
        seed: of the random maps.
    """
    draws = np.random.default_rng(seed)
    found: dict[str, Explain] = {
        "occlusion": lambda image, label: occlusion(classifier, image, label),
        "gradient": integrated,
        "random": lambda image, label: draws.random(image.shape[:2]),
    }
    if has_maps(classifier.card):
        found["score_cam"] = lambda image, label: class_activation(classifier, image, label)
    return {kind: found[kind] for kind in KINDS_OF_MAP if kind in found}


def measure_maps(
    classifier: Classifier,
    trained: Mapping[str, Explain],
    untrained: Mapping[str, Explain],
    images: np.ndarray,
) -> dict[str, MeasuredMap]:
    """Return the means over images (N×H×W×C uint8) for each kind of map.

    Args:
        classifier: the network that answers.
        trained: its maps.
        untrained: the maps of the same network with random weights.
        images: each is explained for the class that the network answers.
    """
    labels = classifier.probabilities(images).argmax(axis=1)
    found: dict[str, MeasuredMap] = {}
    for kind, explain in trained.items():
        curves: list[PixelCurves] = []
        correlations: list[float] = []
        for image, label in zip(images, labels, strict=True):
            heat = explain(image, int(label))
            curves.append(pixel_curves(classifier.probabilities, image, heat, int(label)))
            correlations.append(rank_correlation(heat, untrained[kind](image, int(label))))
        found[kind] = MeasuredMap(
            deletion=_mean([each.deletion for each in curves]),
            insertion=_mean([each.insertion for each in curves]),
            correlation=round(float(np.mean(correlations)), 4),
        )
    return found


def _mean(curves: list[np.ndarray]) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in np.mean(curves, axis=0))
