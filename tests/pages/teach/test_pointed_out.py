from __future__ import annotations

from core.class_sets.class_set_store import own_class_sets
from tests.class_sets.conftest import picture
from tests.pages.teach.conftest import OpenTeach, filled


def test_the_same_picture_in_two_classes_is_pointed_out(open_teach: OpenTeach) -> None:
    made = filled(2, 2)
    own_class_sets().add(made.id, [("green", "copy.jpg", picture("red"))])

    assert len(open_teach(made).warning) >= 1
