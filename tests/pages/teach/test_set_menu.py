from __future__ import annotations

from core.class_sets.class_set_store import own_class_sets
from tests.class_sets.conftest import picture
from tests.class_sets.test_set_files import archive
from tests.pages.teach.conftest import OpenTeach, filled, shelves


def test_the_folders_of_a_zip_file_become_classes_and_that_can_be_taken_back(open_teach: OpenTeach) -> None:
    at = open_teach(filled(2, 2))
    content = archive({"blue/1.jpg": picture("blue"), "blue/inner.zip": archive({"a": b"b"})})
    at.file_uploader(key="zip 0").upload("x.zip", content)
    at.run()

    assert not at.exception
    assert len(at.warning) == 1, "of the ZIP file in the ZIP file"
    assert len(shelves(at)) == 3

    at.button(key="undo").click().run()
    assert len(shelves(at)) == 2
    assert "undo" not in [button.key for button in at.button]


def test_a_set_is_private_until_its_visitor_shares_it(open_teach: OpenTeach) -> None:
    made = filled(2, 2)
    at = open_teach(made)
    at.toggle(key=f"set is shared {made.id}").set_value(True).run()

    assert own_class_sets().open(made.id).shared
    assert any(made.id in code.value for code in at.code)


def test_a_new_set_of_the_same_name_stays_the_one_that_is_shown_and_filled(open_teach: OpenTeach) -> None:
    old = filled(2, 2)
    at = open_teach(old)
    of_old = {widget.key for widget in (*at.toggle, at.text_input[0])}
    at.button(key="new set").click().run()
    # A browser would send what is in a closed menu on behalf of the new set.
    assert of_old.isdisjoint({widget.key for widget in (*at.toggle, at.text_input[0])})
    at.file_uploader(key="zip 0").upload("x.zip", archive({"blue/1.jpg": picture("blue")})).run()

    assert own_class_sets().open(old.id) == old
    assert len(shelves(at)) == 1
