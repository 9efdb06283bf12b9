from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.class_sets.class_set_store import own_class_sets
from core.class_sets.example_drawings import EACH, KINDS
from core.errors import ClassSetError
from pages.parts.teach import adding
from tests.class_sets.conftest import picture
from tests.class_sets.test_set_files import archive
from tests.pages.looks import as_shown
from tests.pages.teach.conftest import ME, OpenTeach, filled
from tests.pages.test_words_of_strangers import markup

EVIL = "![](//evil.example/a.png) :smile: $x$"


def shelves(at: AppTest) -> list[list[str]]:
    """Return the ids of the pictures in each class."""
    shown = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("picture_shelf")]
    return [[one["id"] for one in json.loads(component.proto.json)["pictures"]] for component in shown]


def add_class(at: AppTest, name: str) -> None:
    at.text_input(key="new class").input(name)
    at.button(key="add class button").click().run()
    assert not at.exception


def upload(at: AppTest, *files: tuple[str, bytes]) -> None:
    """Upload files where the open class takes pictures."""
    place = next(one for one in at.file_uploader if one.key.startswith("upload "))
    for name, content in files:
        place.upload(name, content)
    at.run()
    assert not at.exception


def test_a_visitor_without_a_set_can_try_an_example(open_teach: OpenTeach) -> None:
    at = open_teach()
    at.button(key="example set").click().run()

    assert not at.exception
    assert [len(shelf) for shelf in shelves(at)] == [EACH] * len(KINDS)
    assert at.metric


def test_classes_are_named_filled_and_learnt_and_stay_after_a_reload(open_teach: OpenTeach) -> None:
    at = open_teach()
    for name in ("red", "green"):
        add_class(at, name)
        upload(at, *((f"{k}.jpg", picture(name, k)) for k in range(3)))
    assert [len(shelf) for shelf in shelves(at)] == [3, 3]
    assert at.metric[0].value.startswith("100")

    again = open_teach()
    assert shelves(again) == shelves(at)
    assert again.query_params == at.query_params


def test_a_name_that_is_taken_is_one_sentence_and_a_name_with_markup_is_text(open_teach: OpenTeach) -> None:
    at = open_teach()
    for name in (EVIL, "cup", "CUP"):
        add_class(at, name)

    assert [told.value for told in at.warning] == [
        as_shown(ClassSetError("class_sets.same_name", name="CUP"))
    ]
    [described] = own_class_sets().of(ME)
    assert described.names == (EVIL, "cup")
    own_class_sets().add(
        described.id, [(name, EVIL, picture("red", k)) for name in described.names for k in range(2)]
    )
    assert markup(at.run()) == []
    assert at.metric


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


def test_files_that_are_no_pictures_are_left_out_each_with_a_sentence(open_teach: OpenTeach) -> None:
    at = open_teach()
    add_class(at, "red")
    upload(at, ("good.jpg", picture("red")), ("film.png", b"\0\0\0\x20ftypisom"), ("torn.jpg", b"torn"))

    assert len(at.warning) == 2
    assert [len(shelf) for shelf in shelves(at)] == [1]


def test_more_files_than_a_set_takes_are_refused_at_once(
    open_teach: OpenTeach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "MOST_PICTURES", 4)
    at = open_teach(filled(2, 2))
    at.button(key="fill red").click().run()
    upload(at, ("one.jpg", picture("red", 9)))

    assert [told.value for told in at.warning] == [
        as_shown(ClassSetError("class_sets.too_many_pictures", most=4))
    ]
    assert [len(shelf) for shelf in shelves(at)] == [2, 2]


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


def test_a_removed_class_comes_back_with_its_pictures(open_teach: OpenTeach) -> None:
    at = open_teach(filled(2, 2))
    before = shelves(at)
    at.button(key="remove red").click().run()
    assert len(shelves(at)) == 1

    at.button(key="undo").click().run()
    assert shelves(at) == before
    assert at.metric


def test_the_same_picture_in_two_classes_is_pointed_out(open_teach: OpenTeach) -> None:
    made = filled(2, 2)
    own_class_sets().add(made.id, [("green", "copy.jpg", picture("red"))])

    assert len(open_teach(made).warning) >= 1


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


def test_a_set_is_private_until_its_visitor_shares_it(open_teach: OpenTeach) -> None:
    made = filled(2, 2)
    at = open_teach(made)
    at.toggle(key="set is shared").set_value(True).run()

    assert own_class_sets().open(made.id).shared
    assert any(made.id in code.value for code in at.code)


def test_a_picture_is_answered_at_once(open_teach: OpenTeach) -> None:
    at = open_teach(filled(3, 3))
    at.file_uploader(key="picture to classify").upload("new.jpg", picture("green", 7))
    at.run()

    assert not at.exception
    bars = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("answer_bars")]
    shown = json.loads(bars[0].proto.json)["bars"]
    assert [bar["name"] for bar in shown if bar["best"]] == ["green"]
