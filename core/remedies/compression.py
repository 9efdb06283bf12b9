"""Measure compressed networks: how small they are, and what that costs."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.bundles.bundle import Bundle
from core.contract.evaluation import expected_calibration_error
from core.images.corruption_kinds import KINDS, corrupted_stack
from core.inference.classifier import Classifier
from core.language import N_
from core.remedies.shipped_files import SHIPPED

FILE = SHIPPED / "compression_{dataset}.json"
FORMS = {  # ids: what visitors read
    "float16": N_("16-bit weights"),
    "dynamic8": N_("8-bit weights"),
    "full8": N_("8-bit weights and activations"),
    "weights4": N_("4-bit weights"),
}
FINE_TUNING_STEPS, FINE_TUNING_BATCH = 200, 64  # of a pruned network
SPOILT_STRENGTH, SPOILT_IMAGES = 3, 200
TIMED = 100  # single images, of which the fastest counts: others may use the processor


@dataclass(frozen=True)
class Recipe:
    """A way to compress a network."""

    form: str  # one of FORMS
    pruned: float = 0.0  # share of the kernels' weights that is zero
    fine_tuned: bool = False  # trained again after pruning, with the zeros kept


RECIPES = (
    Recipe("float16"),
    Recipe("dynamic8"),
    Recipe("full8"),
    Recipe("weights4"),
    *(Recipe("float16", share) for share in (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)),
    Recipe("dynamic8", 0.5),
    Recipe("dynamic8", 0.7),
    *(Recipe("float16", share, True) for share in (0.8, 0.9, 0.95, 0.98)),
    Recipe("dynamic8", 0.9, True),
    Recipe("weights4", 0.9, True),
)


@dataclass(frozen=True, kw_only=True)
class MeasuredNetwork:
    """A network as a point of the chart of accuracy over size."""

    network: str  # a shipped one's name
    form: str
    pruned: float
    kilobytes: float  # of the LiteRT file, 1,000 bytes each
    packed_kilobytes: float  # of the same file as ZIP files pack it, where zeros take little
    accuracy: float  # on the test images, 0 to 1
    calibration_error: float
    spoilt_error: float  # mean over the kinds of corruption at strength 3
    milliseconds: float  # for a single image
    fine_tuned: bool = False

    @property
    def recipe(self) -> Recipe:
        """Return the recipe by which it was made."""
        return Recipe(self.form, self.pruned, self.fine_tuned)


@dataclass(frozen=True)
class CompressionTable:
    """Measured networks of a data set, and on how many images."""

    dataset: str
    images: int
    networks: tuple[MeasuredNetwork, ...]

    def missing(self) -> list[Recipe]:
        """Return the planned recipes by which the first network has not been compressed yet."""
        made = {one.recipe for one in self.networks if one.network == self.networks[0].network}
        return [recipe for recipe in RECIPES if recipe not in made]


def measured(
    bundle: Bundle, recipe: Recipe, network: str, images: np.ndarray, labels: np.ndarray
) -> MeasuredNetwork:
    """Return the figures of a bundle that was made by a recipe, on uint8 test images."""
    classifier = Classifier(bundle)
    probabilities = classifier.probabilities(images)
    return MeasuredNetwork(
        network=network,
        form=recipe.form,
        pruned=recipe.pruned,
        fine_tuned=recipe.fine_tuned,
        kilobytes=len(bundle.tflite) / 1000,
        packed_kilobytes=packed_kilobytes(bundle),
        accuracy=accuracy(probabilities, labels),
        calibration_error=expected_calibration_error(probabilities, labels),
        spoilt_error=_spoilt_error(classifier.probabilities, images, labels),
        milliseconds=_fastest(classifier, images[:1]),
    )


def _spoilt_error(read: Callable[[np.ndarray], np.ndarray], images: np.ndarray, labels: np.ndarray) -> float:
    some, theirs = images[:SPOILT_IMAGES], labels[:SPOILT_IMAGES]
    spoilt = (corrupted_stack(kind, SPOILT_STRENGTH, some) for kind in KINDS)
    return float(np.mean([1 - accuracy(read(each), theirs) for each in spoilt]))


def packed_kilobytes(bundle: Bundle) -> float:
    """Return the size of a bundle's LiteRT file in a ZIP file, in 1,000 bytes."""
    return len(zlib.compress(bundle.tflite, 9)) / 1000


def accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of right answers, from probabilities (N×classes)."""
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def _fastest(classifier: Classifier, image: np.ndarray) -> float:
    """Return the shortest of several times to read one image, in milliseconds."""
    times = []
    for _ in range(TIMED):
        began = time.perf_counter()
        classifier.logits(image)
        times.append(time.perf_counter() - began)
    return 1000 * min(times)
