"""Deal the pictures of a class set to training and testing, always in the same way."""

from __future__ import annotations

from core.class_sets.class_set import ClassSet, TaughtPicture

TEST_SHARE = 5  # one of so many pictures of a class is a test picture, and at least one of two

Labelled = list[tuple[int, TaughtPicture]]  # pictures with the numbers of their classes


def split(described: ClassSet) -> tuple[Labelled, Labelled]:
    """Return the training and the test pictures of a set; which are which depends on their ids alone."""
    taught: Labelled = []
    tested: Labelled = []
    for label, one in enumerate(described.classes):
        pictures = sorted(one.pictures, key=lambda picture: picture.id)  # ids are random
        count = max(1, len(pictures) // TEST_SHARE) if len(pictures) > 1 else 0
        tested += [(label, picture) for picture in pictures[:count]]
        taught += [(label, picture) for picture in pictures[count:]]
    return taught, tested
