from __future__ import annotations

from core.language import CHINESE, ENGLISH, using
from pages.parts.components import saving


def test_the_buttons_speak_the_language_of_the_visitor_and_the_file_is_named_alike() -> None:
    offered = {}
    for language in (ENGLISH, CHINESE):
        with using(language):
            offered[language] = saving.offer("answers")

    assert {one["file"] for one in offered.values()} == {"answers"}
    assert not set(offered[ENGLISH]["texts"].values()) & set(offered[CHINESE]["texts"].values())
