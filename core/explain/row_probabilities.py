"""Follow an RNN's probabilities while it reads an image row by row."""

from __future__ import annotations

import numpy as np

from core.bundles.bundle import Card
from core.contract.evaluation import softmax
from core.errors import BundleError
from core.inference.classifier import Classifier


def row_probabilities(classifier: Classifier, pixels: np.ndarray) -> np.ndarray:
    """Return the probabilities after each row of an image (H×W or H×W×C uint8), H×classes.

    The last row's are the network's answer.

    Raises:
        BundleError: when the network does not read its images row by row.
    """
    if not has_row_logits(classifier.card):
        raise BundleError("explain.no_rows", title=classifier.card.title)
    logits = classifier.activations(pixels[None])["row_logits"][0]
    return softmax(logits / classifier.card.temperature)


def has_row_logits(card: Card) -> bool:
    """Return whether the card lists logits after each row."""
    return "row_logits" in card.activations
