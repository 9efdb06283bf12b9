"""Teach the set's classes and keep what was learnt last, for all visitors together."""

from __future__ import annotations

from core.class_sets.class_set import ClassSet
from core.class_sets.features import shipped_backbone
from core.class_sets.taught_set import TaughtSet, teach_set, with_pictures
from core.messages import Progress
from pages.parts.shared.process_cache import kept_in_process
from pages.parts.teach import chosen_set

KEPT = 8  # sets, of at most 5 MB each


def taught(described: ClassSet, progress: Progress | None = None) -> TaughtSet:
    """Return what a linear head has learnt from a set; computed once until the set's pictures change.

    Raises:
        ClassSetError: when fewer than two classes have two pictures, or a picture is missing.
    """
    return _taught(with_pictures(described), progress)


@kept_in_process(KEPT)
def _taught(filled: ClassSet, _progress: Progress | None) -> TaughtSet:
    return teach_set(chosen_set.store(), filled, shipped_backbone(), _progress)
