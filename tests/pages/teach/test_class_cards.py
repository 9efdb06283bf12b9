from __future__ import annotations

from dataclasses import replace

import pytest

from core.class_sets.class_set_store import own_class_sets
from core.errors import ClassSetError
from pages.parts.shared import visitors
from pages.parts.shared.visitors import Visitor
from tests.class_sets.conftest import picture
from tests.pages.looks import as_shown
from tests.pages.teach.conftest import ME, OpenTeach, add_class, shelves, upload
from tests.pages.test_words_of_strangers import markup

EVIL = "![](//evil.example/a.png) :smile: $x$"


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


def test_a_name_that_is_taken_is_one_sentence_and_a_name_with_markup_is_text_for_everyone(
    open_teach: OpenTeach, monkeypatch: pytest.MonkeyPatch
) -> None:
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

    own_class_sets().change(described.id, lambda old: replace(old, shared=True))
    monkeypatch.setattr(visitors, "visitor", lambda: Visitor("b" * 32, ids=frozenset({"b" * 32})))
    theirs = open_teach(described)
    assert [len(shelf) for shelf in shelves(theirs)] == [2, 2]
    assert markup(theirs) == []
