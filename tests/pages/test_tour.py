from __future__ import annotations

from core.language import gettext
from pages.parts.tour.chapters import BY_ID, CHAPTERS
from pages.parts.tour.live_parts import MORE, PARTS
from tests.pages.conftest import OpenPage
from tests.pages.looks import links


def test_the_button_at_the_end_of_each_chapter_leads_through_all_of_them(open_page: OpenPage) -> None:
    at = open_page("tour")
    for chapter in CHAPTERS:
        assert at.header[0].value == gettext(chapter.title)
        assert not at.error
        if chapter is not CHAPTERS[-1]:
            at.button(key="chapter on").click().run()
            assert not at.exception
            assert at.query_params["chapter"] != [chapter.id]
    assert at.button(key="chapter next").disabled
    assert {"teach", "train", "generate"} <= set(links(at))


def test_a_link_opens_its_chapter_and_an_unknown_one_the_first(open_page: OpenPage) -> None:
    assert open_page("tour", chapter="gan").header[0].value == gettext(BY_ID["gan"].title)
    assert open_page("tour", chapter="none").header[0].value == gettext(CHAPTERS[0].title)


def test_live_parts_belong_to_chapters() -> None:
    assert set(MORE) < set(PARTS) == set(BY_ID)
