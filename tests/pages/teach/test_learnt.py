from __future__ import annotations

import pytest

from core.class_sets.class_set_store import own_class_sets
from core.errors import ClassSetError
from tests.class_sets.conftest import picture
from tests.pages.looks import as_shown
from tests.pages.teach.conftest import ME, OpenTeach, filled, shelves


@pytest.mark.parametrize("counts", [(1, 1), (1, 2), (1,), (3,)])
def test_too_few_pictures_are_one_sentence_and_nothing_is_lost(
    open_teach: OpenTeach, counts: tuple[int, ...]
) -> None:
    at = open_teach(filled(*counts))

    assert len(at.info) == 1
    assert [len(shelf) for shelf in shelves(at)] == list(counts)


def test_twenty_classes_of_one_picture_each_are_one_sentence(open_teach: OpenTeach) -> None:
    made = own_class_sets().create(ME)
    own_class_sets().add(made.id, [(f"class {k}", "a.jpg", picture("red", k)) for k in range(20)])
    at = open_teach(made)

    assert [told.value for told in at.info] == [as_shown(ClassSetError("class_sets.few_pictures"))]
    assert "new class" not in [field.key for field in at.text_input], "a set has twenty classes at most"
