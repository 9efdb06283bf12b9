from __future__ import annotations

import pytest

from core.errors import ClassSetError
from pages.parts.teach import adding
from tests.class_sets.conftest import picture
from tests.pages.looks import as_shown
from tests.pages.teach.conftest import OpenTeach, add_class, filled, shelves, upload


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
