"""Keys and sizes that the sections of one picture's answers share."""

from __future__ import annotations

import numpy as np

from core.bundles.bundle import Card

FEW_CLASSES = 20  # can be named in a key, or offered side by side
WIDTH = 252  # pixels of a prepared picture on the page


def section_key(card: Card) -> str:
    """Return what tells the sections of networks with these classes from those of others."""
    return ",".join(card.classes) if len(card.classes) <= FEW_CLASSES else card.subject


def scale_of(pixels: np.ndarray) -> int:
    """Return how many times a prepared picture (H×W or H×W×C uint8) is enlarged."""
    return max(1, WIDTH // pixels.shape[0])
