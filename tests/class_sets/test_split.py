from __future__ import annotations

from core.class_sets.class_set import ClassSet, TaughtClass, TaughtPicture
from core.class_sets.split import split


def test_one_picture_in_five_is_for_testing_and_the_only_one_of_a_class_is_not():
    sizes = (1, 2, 5, 11)
    classes = tuple(
        TaughtClass(str(size), tuple(TaughtPicture(f"{size}-{k:02}", "", 1) for k in range(size)))
        for size in sizes
    )
    taught, tested = split(ClassSet("a", "b", "", classes))
    assert [[label for label, _ in part].count(3) for part in (taught, tested)] == [9, 2]
    assert [[label for label, _ in tested].count(label) for label in range(3)] == [0, 1, 1]
    assert len({picture.id for _, picture in taught + tested}) == sum(sizes)
