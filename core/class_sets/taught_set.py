"""Teach a linear head the classes of a set, as far as they have pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import ClassSetStore
from core.class_sets.features import Backbone, Features, features_of
from core.class_sets.held_out import TaughtHead, teach
from core.messages import Progress


@dataclass(frozen=True, eq=False)
class TaughtSet:
    """A class set with a linear head that has learnt from it; numbers of classes are those of ``classes``."""

    classes: ClassSet  # only the classes that have pictures
    features: Features  # of all pictures, in the order of ``classes.pictures``
    head: TaughtHead


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
