"""Actions of a visitor, by the keys of widgets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Frame, Locator, Page, expect

from core.language import gettext

PAGES = {
    "": "Deep Image Lab",
    "classify": "Classify",
    "teach": "Teach",
    "train": "Train",
    "generate": "Generate",
    "inside": "Inside",
    "remedies": "Remedies",
    "tour": "Tour",
}


def opened(page: Page, url: str) -> Page:
    """Open a link and wait until the page is complete."""
    page.goto(url)
    return settled(page)


def settled(page: Page) -> Page:
    """Wait until the script has run and shown everything."""
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0)
    return page


def pictured(page: Page) -> Page:
    """Wait until all images have loaded too: the server drops them once the visitor leaves the page."""
    settled(page).wait_for_function("[...document.images].every(image => image.complete)")
    return page


def readings(page: Page) -> Locator:
    """Return the readings of all networks."""
    return page.locator('[data-testid="stMetricValue"]')


def upload(page: Page, content: bytes, name: str = "photo.png") -> None:
    """Upload a file."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [{"name": name, "mimeType": "image/png", "buffer": content}]
    )


def take_photo(page: Page | Frame) -> None:
    """Take a photograph with the camera, once it shows something, and wait until the page has it."""
    expect(page.locator("video")).to_have_js_property("readyState", 4)
    button(page, "photograph").last.click()
    expect(keyed(page, "photograph").get_by_role("img")).to_be_visible()


def keyed(page: Page | Frame, key: str) -> Locator:
    """Return the element of the widget, chart or component with this key; Streamlit makes a class of it."""
    return page.locator(".st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key))


def button(page: Page | Frame, key: str) -> Locator:
    """Return the button of a key."""
    return keyed(page, key).get_by_role("button")


def option(page: Page | Frame, key: str, label: str) -> Locator:
    """Return an option of a row of choices, by the constant that holds its label."""
    text = re.escape(gettext(label).rpartition(": ")[2])
    return keyed(page, key).get_by_role("radio", name=re.compile(rf"(^|\s){text}$"))


def field(page: Page | Frame, key: str) -> Locator:
    """Return the field of a number or text."""
    return keyed(page, key).locator("input")


def chart(page: Page | Frame, key: str) -> Locator:
    """Return the figure of a chart."""
    return keyed(page, key).get_by_role("figure")


def link(page: Page, target: str) -> Locator:
    """Return a link within the page to another page, but not the one of the navigation for phones."""
    return page.get_by_test_id("stMain").locator(f'a[href*="{target}"]:not(.page-links *)')


def choose(page: Page, key: str, choice: str) -> None:
    """Choose from a list."""
    keyed(page, key).get_by_role("combobox").click()
    page.get_by_role("option", name=choice, exact=True).click()
    expect(page.get_by_role("option")).to_have_count(0)
    settled(page)


def fill(page: Page, key: str, number: int) -> None:
    """Type a number."""
    field(page, key).fill(str(number))
    field(page, key).press("Enter")
    settled(page)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the button or link has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === element.getRootNode().activeElement"):
            return
    raise AssertionError(f"the Tab key does not reach {target!r}")


def points(page: Page, key: str) -> int:
    """Return the number of points of the longest line of a chart."""
    return page.evaluate(POINTS, key)


POINTS = """key => Math.max(0, ...(document.querySelector(`.st-key-${key} .chart`)?._fullData ?? [])
  .map(line => line.x.length))"""


def stroke(page: Page, through: Sequence[tuple[float, float]], steps: int = 8, key: str = "drawing") -> None:
    """Draw with the mouse on a board, by default Classify's, in shares of its sides from the top left."""
    board = keyed(page, key).locator("canvas")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in through]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=steps)
    page.mouse.up()


@contextmanager
def slowed(page: Page, times: float = 8) -> Iterator[None]:
    """Slow the browser down by a factor inside, like that of an old phone.

    Chromium slows a tab as long as the session that asked for it is there, by keeping a processor busy.
    """
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": times})
    try:
        yield
    finally:
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        session.detach()
