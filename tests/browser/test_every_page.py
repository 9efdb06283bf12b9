from __future__ import annotations

import io
import urllib.request
from collections.abc import Callable
from html import escape
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from core.language import CHINESE, gettext, using
from pages.parts.shared.error_messages import WORD_JOINER
from pages.parts.shared.link_previews import PREVIEWS
from tests.browser.accessibility import violations_in_both_themes
from tests.browser.conftest import Server
from tests.browser.steps import PAGES, button, keyed, link, opened, settled, stroke, tab_to

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
OVERFLOW = """() => [...document.querySelectorAll('[data-testid="stMain"], html')]
    .map(box => box.scrollWidth - box.clientWidth)"""


def test_the_links_of_phones_lead_to_every_page_none_of_which_scrolls_sideways(
    server: Server, visitor: Callable[..., Page]
) -> None:
    page = opened(visitor(390, 844, has_touch=True, is_mobile=True), server.url)

    for path in [*list(PAGES)[1:], ""]:
        place = page.locator(f'.page-links a[href="{path or "./"}"]')
        place.tap()
        expect(place).to_have_attribute("aria-current", "page")
        expect(place).to_be_in_viewport()
        _shows(settled(page), path)
        assert page.evaluate(OVERFLOW) == [0, 0]
        for element in page.locator(
            "[data-testid=stMain] button:visible:not(.page-links *), [data-testid=stMain] img:visible"
        ).all():
            box = element.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
    stroke(page, [(0.5, 0.15), (0.5, 0.85)], key="home drawing")
    answers = keyed(page, "home answers")
    expect(answers.locator(".answer")).to_have_text(["1", "1"])
    expect(answers.locator(".networks")).to_be_in_viewport(ratio=0.95)
    expect(button(page, "photo")).to_be_in_viewport(ratio=1)


def test_the_navigation_leads_to_every_page_dark_and_in_chinese_without_violations_of_accessibility(
    server: Server, visitor: Callable[..., Page]
) -> None:
    page = opened(visitor(color_scheme="dark"), f"{server.url}/?lang={CHINESE}")

    links = page.get_by_test_id("stTopNavLink")
    with using(CHINESE):
        for place in [*range(1, len(PAGES)), 0]:
            links.nth(place).click()
            _shows(settled(page), list(PAGES)[place])
            for section in page.get_by_test_id("stExpander").locator("summary").all():
                section.click()
            settled(page)
            assert violations_in_both_themes(page) == []


def test_every_part_of_remedies_keeps_the_rules_of_accessibility(server: Server, page: Page) -> None:
    opened(page, f"{server.url}/remedies")

    parts = keyed(page, "part").get_by_role("radio")
    for place in range(parts.count()):
        parts.nth(place).click()
        page.wait_for_timeout(500)  # until the script runs, which leaves the last part pale for a while
        expect(settled(page).locator('[data-stale="true"]')).to_have_count(0)
        assert violations_in_both_themes(page) == []


def _shows(page: Page, path: str) -> None:
    """Assert that the page has its title and no error, and that all pictures are there and described."""
    expect(page.locator("h1")).to_have_text(gettext(PAGES[path]))
    expect(page.get_by_test_id("stException")).to_have_count(0)
    for picture in page.locator("img:visible:not(.sheet > img)").all():  # there the canvas has the text
        assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 0")
        assert picture.get_attribute("alt")


EVIL = "![](//evil.example/a.png) www.evil.example/x :smile: :material/delete: $x$ :red[y] a@evil.example -> "


@pytest.mark.parametrize(
    "path", ["train?run={evil}", "inside?part=convolution&layer={evil}", "generate?model={evil}"]
)
def test_a_text_from_a_link_is_shown_as_text(server: Server, page: Page, path: str) -> None:
    """The fixture ``page`` sees that no other host is asked for a picture."""
    opened(page, f"{server.url}/{path.format(evil=quote(EVIL))}")

    shown = page.get_by_test_id("stAlert").filter(has_text="evil").first
    expect(shown).to_be_visible()
    said = shown.locator("[data-testid=stMarkdownContainer]").inner_text().replace(WORD_JOINER, "")
    assert EVIL[:40] in said
    assert shown.locator("[data-testid=stMarkdownContainer]").locator("a, img, .katex, span").count() == 0


def test_a_crawler_gets_the_tags_of_the_page_from_the_running_server(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/train?run=x", timeout=30) as answer:
        content = answer.read().decode()

    assert escape(PREVIEWS["train"].title) in content
    assert f"{server.url}/link-pictures/train.jpg" in content


def test_tab_and_enter_draw_another_image_and_open_another_page(server: Server, page: Page) -> None:
    opened(page, server.url)
    picture = keyed(page, "home image tap").get_by_role("img")
    before = picture.get_attribute("src")

    tab_to(page, button(page, "home image tap"))
    page.keyboard.press("Enter")
    expect(picture).not_to_have_attribute("src", str(before))

    tab_to(page, page.get_by_test_id("stTopNavLink").nth(1))
    expect(page.get_by_test_id("stTopNavLink").nth(1)).to_have_css("outline-style", "solid")
    tab_to(page, link(page, "teach"))
    expect(link(page, "teach")).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(PAGES["teach"])


def test_the_canvas_of_home_answers_after_a_stroke_and_the_bars_can_be_saved(
    server: Server, page: Page
) -> None:
    opened(page, server.url)

    stroke(page, [(0.5, 0.15), (0.5, 0.85)], key="home drawing")

    answers = keyed(page, "home answers")
    expect(answers.locator(".answer")).to_have_text(["1", "1"])
    saved = {}
    for number, kind in enumerate(("png", "svg")):
        answers.hover()
        with page.expect_download() as download:
            answers.get_by_role("button").nth(number).click()
        assert download.value.suggested_filename == f"answers.{kind}"
        saved[kind] = download.value.path().read_bytes()
    width, height = Image.open(io.BytesIO(saved["png"])).size
    svg = ElementTree.fromstring(saved["svg"])
    assert (width, height) == (2 * int(svg.attrib["width"]), 2 * int(svg.attrib["height"]))
    assert [text.text for text in svg.iter(f"{SVG}text")].count("1") == 3  # the class, and both answers
