from __future__ import annotations

import json

import pytest

from core.class_sets.class_set import ClassSet, TaughtPicture, checked_name, from_json, to_json
from core.class_sets.limits import MOST_BYTES, MOST_CLASSES, MOST_NAME
from core.errors import ClassSetError

EMPTY = ClassSet("0" * 32, "Set", "me")
PETS = EMPTY.with_class("cat").with_class("dog").with_picture(0, TaughtPicture("p", "a.png", 10))


def refused(call) -> str:
    with pytest.raises(ClassSetError) as found:
        call()
    assert "{" not in str(found.value)
    return found.value.message.key


def test_a_picture_can_be_moved_and_removed_and_a_class_renamed():
    moved = PETS.moved("p", 1)
    assert [len(one.pictures) for one in moved.classes] == [0, 1]
    assert moved.find("p")[0] == 1
    assert moved.without_picture("p").pictures == []
    assert PETS.renamed(1, "wolf").names == ("cat", "wolf")
    assert PETS.without_class(0).names == ("dog",)
    assert refused(lambda: PETS.without_picture("q")) == "class_sets.no_picture"


def test_names_are_unique_whatever_their_case_and_form():
    assert refused(lambda: PETS.with_class("CAT")) == "class_sets.same_name"
    accented = EMPTY.with_class("caf\u00e9")
    assert refused(lambda: accented.with_class("cafe\u0301")) == "class_sets.same_name"


def test_names_are_any_language_on_one_line_and_bounded():
    assert checked_name("  猫\n<b>x</b>\u202e ") == "猫 <b>x</b>"
    assert refused(lambda: checked_name(" \n")) == "class_sets.no_name"
    assert refused(lambda: checked_name("x" * (MOST_NAME + 1))) == "class_sets.long_name"


def test_classes_and_bytes_are_bounded():
    full = EMPTY
    for number in range(MOST_CLASSES):
        full = full.with_class(f"class {number}")
    assert refused(lambda: full.with_class("one more")) == "class_sets.too_many_classes"
    large = TaughtPicture("q", "b.png", MOST_BYTES)
    assert refused(lambda: PETS.with_picture(0, large)) == "class_sets.too_many_bytes"


def test_a_set_that_teaches_nothing_says_what_is_missing():
    assert refused(EMPTY.check_teachable) == "class_sets.too_few_classes"
    assert refused(PETS.check_teachable) == "class_sets.empty_class"
    PETS.with_picture(1, TaughtPicture("q", "", 1)).check_teachable()


def test_a_set_survives_json_and_damaged_json_is_one_sentence():
    assert from_json(json.loads(json.dumps(to_json(PETS)))) == PETS
    for damaged in ({}, [], {**to_json(PETS), "classes": [{"name": "x", "pictures": [1]}]}):
        assert refused(lambda d=damaged: from_json(d)) == "class_sets.damaged"


def test_only_its_owner_sees_a_set_unless_it_is_shared():
    assert PETS.may_be_seen_by({"me"})
    assert not PETS.may_be_seen_by({"you"})
    assert ClassSet("0" * 32, "Set", "me", shared=True).may_be_seen_by({"you"})
