from __future__ import annotations

from collections import Counter

from core.class_sets.class_set_store import reduced_picture
from core.class_sets.example_drawings import EACH, KINDS, SIDE, example_drawings


def test_the_example_has_different_drawings_of_each_class() -> None:
    drawn = example_drawings()

    assert Counter(name for name, _, _ in drawn) == dict.fromkeys(KINDS, EACH)
    assert len({content for _, _, content in drawn}) == len(drawn)
    assert reduced_picture(drawn[0][2]).size == (SIDE, SIDE)


def test_the_drawings_are_the_same_every_time() -> None:
    assert example_drawings() == example_drawings()
