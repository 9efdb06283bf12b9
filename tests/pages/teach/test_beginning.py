from __future__ import annotations

from core.class_sets.example_drawings import EACH, KINDS
from tests.pages.teach.conftest import OpenTeach, shelves


def test_a_visitor_without_a_set_can_try_an_example(open_teach: OpenTeach) -> None:
    at = open_teach()
    at.button(key="example set").click().run()

    assert not at.exception
    assert [len(shelf) for shelf in shelves(at)] == [EACH] * len(KINDS)
    assert at.metric
