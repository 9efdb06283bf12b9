from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from pages.parts.tour.chapters import CHAPTERS
from pages.parts.tour.worksheet import worksheet

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("for_teachers", [False, True])
def test_each_chapter_fills_one_printed_page_also_on_the_shorter_american_paper(
    page: Page, for_teachers: bool
) -> None:
    page.set_content(worksheet(CHAPTERS, "https://lab.example/tour", for_teachers=for_teachers))

    printed = page.pdf(format="Letter")

    assert int(max(re.findall(rb"/Count (\d+)", printed), key=int)) == len(CHAPTERS)
