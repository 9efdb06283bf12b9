from __future__ import annotations

import urllib.request
from collections.abc import Callable
from html import escape
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from core.language import CHINESE, gettext, using
from pages.parts.shared.error_messages import WORD_JOINER
from pages.parts.shared.link_previews import PREVIEWS
from tests.browser.accessibility import violations_in_both_themes
from tests.browser.conftest import Server
from tests.browser.steps import PAGES, button, keyed, link, opened, stroke, tab_to

pytestmark = pytest.mark.browser

OVERFLOW = """() => [...document.querySelectorAll('[data-testid="stMain"], html')]
    .map(box => box.scrollWidth - box.clientWidth)"""


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_the_page_without_scrolling_sideways(
    server: Server, visitor: Callable[..., Page], path: str
) -> None:
    page = opened(visitor(390, 844, has_touch=True, is_mobile=True), f"{server.url}/{path}")

    _shows(page, path)
    assert page.evaluate(OVERFLOW) == [0, 0]
    for element in page.locator(
        "[data-testid=stMain] button:visible, [data-testid=stMain] img:visible"
    ).all():
        box = element.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_dark_and_in_chinese_without_errors_or_violations_of_accessibility(
    server: Server, visitor: Callable[..., Page], path: str
) -> None:
    page = opened(visitor(color_scheme="dark"), f"{server.url}/{path}?lang={CHINESE}")

    with using(CHINESE):
        _shows(page, path)
    assert violations_in_both_themes(page) == []
    page.emulate_media(color_scheme="dark")  # as the next test expects this tab


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


def test_the_navigation_leads_from_page_to_page(server: Server, page: Page) -> None:
    opened(page, server.url)

    links = page.get_by_test_id("stTopNavLink")
    for place in [*range(1, len(PAGES)), 0]:
        links.nth(place).click()
        expect(page.locator("h1")).to_have_text(list(PAGES.values())[place])


def test_tab_and_enter_draw_another_image_and_open_another_page(server: Server, page: Page) -> None:
    opened(page, server.url)
    picture = keyed(page, "home image tap").get_by_role("img")
    before = picture.get_attribute("src")

    tab_to(page, button(page, "home image tap"))
    page.keyboard.press("Enter")
    expect(picture).not_to_have_attribute("src", str(before))

    tab_to(page, link(page, "teach"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(PAGES["teach"])


def test_the_canvas_of_home_answers_after_a_stroke(server: Server, page: Page) -> None:
    opened(page, server.url)

    stroke(page, [(0.5, 0.15), (0.5, 0.85)], key="home drawing")

    expect(keyed(page, "home answers").locator(".answer")).to_have_text(["1", "1"])
