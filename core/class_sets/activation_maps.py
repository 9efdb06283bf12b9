"""Show which places of a picture speak for a class: the class activation map of a linear head.

The features are the means of the backbone's last maps, and the head is linear. So each place of the maps adds
a number of its own to a class's logit, and these numbers and the bias add up to the logit exactly. Source:
Zhou et al. 2016, Learning deep features for discriminative localization, equation 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.class_sets.held_out import TaughtHead


@dataclass(frozen=True, eq=False)
class ClassMap:
    """Share of each place of a picture in the logit of one class, compared with the mean of all classes."""

    label: int  # number of the class
    probability: float  # which the map explains
    values: np.ndarray  # h×w float32, divided by the temperature as the logits are


def class_maps(taught: TaughtHead, maps: np.ndarray) -> list[ClassMap]:
    """Return a map of each class for an image's last maps (h×w×size), the likeliest class first.

    A number that is added to all logits changes no probability, so the mean over the classes is left out.
    """
    height, width, _ = maps.shape
    added = maps.astype(np.float32) @ taught.head.weights / (height * width * taught.temperature)
    added -= added.mean(axis=-1, keepdims=True)
    probabilities = taught.probabilities(maps.mean(axis=(0, 1))[None])[0]
    return [
        ClassMap(int(k), float(probabilities[k]), added[..., k])
        for k in np.argsort(-probabilities, kind="stable")
    ]


def enlarged(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return a map (h×w) in the size of its image, smooth between its places."""
    return np.asarray(
        Image.fromarray(values.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
    )
