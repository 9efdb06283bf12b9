"""How an RNN's opinion forms while it reads an image row by row."""

from __future__ import annotations

import numpy as np

from core.contract.evaluation import softmax
from core.errors import BundleError
from core.inference.classifier import Classifier


def row_probabilities(classifier: Classifier, pixels: np.ndarray) -> np.ndarray:
    """The probabilities after each row of an image (H×W or H×W×C uint8): H×classes; the last is the answer.

    Raises:
        BundleError: when the network does not read rows.
    """
    if "row_logits" not in classifier.card.activations:
        raise BundleError(f"{classifier.card.title} reads the image at once; ask an RNN for its rows.")
    logits = classifier.activations(pixels[None])["row_logits"][0]
    return softmax(logits / classifier.card.temperature)
