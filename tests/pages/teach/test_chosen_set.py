from __future__ import annotations

from core.class_sets.class_set_store import own_class_sets
from core.errors import ClassSetError
from tests.pages.looks import as_shown
from tests.pages.teach.conftest import ME, OpenTeach, filled, shelves


def test_a_set_of_somebody_else_is_shown_only_if_it_is_shared_and_can_be_copied(
    open_teach: OpenTeach,
) -> None:
    theirs = filled(2, 2, owner="b" * 32)
    at = open_teach(theirs)
    assert [told.value for told in at.error] == [as_shown(ClassSetError("class_sets.missing"))]
    assert shelves(at) == []

    own_class_sets().change(theirs.id, lambda old: type(old)(**{**vars(old), "shared": True}))
    at = open_teach(theirs)
    assert [len(shelf) for shelf in shelves(at)] == [2, 2]
    assert at.metric
    assert not [button for button in at.button if button.key.startswith(("remove", "fill", "add class"))]

    at.button(key="copy set").click().run()
    assert not at.exception
    [mine] = own_class_sets().of(ME)
    assert at.query_params["set"] == mine.id
    assert at.button(key="remove red")


def test_a_removed_class_comes_back_with_its_pictures(open_teach: OpenTeach) -> None:
    at = open_teach(filled(2, 2))
    before = shelves(at)
    at.button(key="remove red").click().run()
    assert len(shelves(at)) == 1

    at.button(key="undo").click().run()
    assert shelves(at) == before
    assert at.metric
