"""Teach a linear head the classes of a set, as far as they have pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from PIL import Image

from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import ClassSetStore
from core.class_sets.features import Backbone, Features, features_of
from core.class_sets.held_out import TaughtHead, teach
from core.class_sets.lookalikes import NearDuplicate, OddOneOut, near_duplicates, odd_ones_out
from core.images.whole_picture import whole_picture
from core.messages import Progress


@dataclass(frozen=True, eq=False)
class TaughtSet:
    """A class set with a linear head that has learnt from it; numbers of classes are those of ``classes``."""

    classes: ClassSet  # only the classes that have pictures
    features: Features  # of all pictures, in the order of ``classes.pictures``
    head: TaughtHead

    @cached_property
    def duplicates(self) -> list[NearDuplicate]:
        """Pairs of pictures that are nearly the same, those of two classes first."""
        return near_duplicates(self.features.values, self.features.labels)

    @cached_property
    def odd_ones(self) -> list[OddOneOut]:
        """Pictures that look like another class than their own."""
        return odd_ones_out(self.head.held_out, self.head.temperature)


@dataclass(frozen=True, eq=False)
class TaughtAnswer:
    """Answer of a taught set to a picture."""

    probabilities: np.ndarray  # one per class
    is_none_of_these: bool  # whether it is unlike all that was taught

    @property
    def best(self) -> int:
        """Number of the likeliest class."""
        return int(self.probabilities.argmax())


def answer(taught: TaughtSet, picture: Image.Image, backbone: Backbone) -> TaughtAnswer:
    """Return the answer to an RGB picture."""
    image = whole_picture(picture, backbone.card.preprocessing)
    features = backbone.features(image[None])
    return TaughtAnswer(
        taught.head.probabilities(features)[0], bool(taught.head.is_none_of_these(features)[0])
    )


def with_pictures(described: ClassSet) -> ClassSet:
    """Return the set without the classes that have no picture."""
    return replace(described, classes=tuple(one for one in described.classes if one.pictures))


def teach_set(
    store: ClassSetStore, described: ClassSet, backbone: Backbone, progress: Progress | None = None
) -> TaughtSet:
    """Return a head that has learnt the classes of a set that have pictures.

    Raises:
        ClassSetError: when fewer than two classes have two pictures, or a picture is missing.
    """
    filled = with_pictures(described)
    filled.check_teachable()
    features = features_of(store, filled, backbone, progress)
    return TaughtSet(filled, features, teach(features.values, features.labels, len(filled.classes)))
