from __future__ import annotations

from html.parser import HTMLParser

from pages.parts.tour.chapters import BY_ID, CHAPTERS
from pages.parts.tour.worksheet import worksheet

ADDRESS = "https://lab.example/tour"


class Sections(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.count = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.count += tag == "section"
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_each_chapter_has_a_sheet_and_all_elements_are_closed() -> None:
    found = Sections(worksheet(CHAPTERS, ADDRESS, for_teachers=True))
    assert found.count == len(CHAPTERS)
    assert found.open == []


def test_only_the_teachers_sheet_holds_the_answer_in_place_of_room_for_one() -> None:
    chapter = BY_ID["rnn"]
    pupils = worksheet([chapter], ADDRESS, for_teachers=False)
    teachers = worksheet([chapter], ADDRESS, for_teachers=True)

    assert chapter.question in pupils
    assert chapter.answer not in pupils
    assert chapter.answer in teachers
    assert chapter.note in teachers
    assert (pupils.count('class="room"'), teachers.count('class="room"')) == (2, 1)
    assert f"{ADDRESS}?chapter=rnn" in pupils


def test_bold_words_become_elements_and_signs_are_escaped() -> None:
    sheet = worksheet([BY_ID["convolution"]], ADDRESS, for_teachers=False)
    assert "<b>kernel</b>" in sheet
    assert "**" not in sheet
