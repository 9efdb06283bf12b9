from __future__ import annotations

from pages.parts.shared.distinct_labels import distinct


def test_the_oldest_of_several_equal_labels_stays_and_no_two_are_equal() -> None:
    assert distinct(["b", "a", "b", "b"]) == ["b (3)", "a", "b (2)", "b"]
    assert distinct(["b", "b (2)", "b"]) == ["b (3)", "b (2)", "b"]
