"""Let a network of letters and digits answer with letters alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.images.picture_kind import LETTER, SIGN
from core.inference.classifier import Classifier


def letters_of(network: Classifier) -> Classifier:
    """Return a network of letters and digits without its digits; any other network as it is."""
    return LettersOnly(network) if network.card.subject == SIGN else network


class LettersOnly(Classifier):
    """A network of letters and digits whose digits are left out; it shares the network's session."""

    def __init__(self, network: Classifier) -> None:
        card = network.card
        self._network = network
        self._places = [place for place, label in enumerate(card.classes) if label.isalpha()]
        letters = tuple(card.classes[place] for place in self._places)
        activations = {**card.activations, "logits": (len(letters),)}
        self.bundle = network.bundle
        self.card = replace(card, subject=LETTER, classes=letters, activations=activations)

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return logits, N×letters, of uint8 images, N×H×W or N×H×W×C.

        Raises:
            ImageError: when the images are not of the model's shape.
        """
        return self._network.logits(images)[:, self._places]

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return every named activation of the card for uint8 images, each with N along its first axis."""
        found = self._network.activations(images)
        return {**found, "logits": found["logits"][:, self._places]}

    def are_strange(self, images: np.ndarray) -> np.ndarray:
        """Return for each uint8 image, N bool, if it is unlike all that the network learnt from."""
        return self._network.are_strange(images)
