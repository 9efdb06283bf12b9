"""Actions of a visitor, by the labels of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

PAGES = {
    "": "Deep Image Lab",
    "classify": "Classify",
    "train": "Train",
    "generate": "Generate",
    "inside": "Inside",
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
    page.locator('input[type="file"]').set_input_files(
        [{"name": name, "mimeType": "image/png", "buffer": content}]
    )


def button(page: Page | Locator, name: str) -> Locator:
    """Return the button with a name; some versions of Streamlit put the name of its icon before it."""
    return page.get_by_role("button", name=re.compile(rf"(^|\s){re.escape(name)}$"))


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option from a list."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    expect(page.get_by_role("option")).to_have_count(0)
    settled(page)


def fill(page: Page, label: str, number: int) -> None:
    """Type a number."""
    field = page.get_by_role("spinbutton", name=label)
    field.fill(str(number))
    field.press("Enter")
    settled(page)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the button or link with this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.split('\\n').at(-1)") == name and page.evaluate(
            "document.activeElement.matches('button, a') && document.activeElement.role !== 'radio'"
        ):
            return
    raise AssertionError(f"the Tab key does not reach {name!r}")


def points(page: Page, chart: str) -> int:
    """Return the number of points of the chart with this description."""
    return page.evaluate(
        """alt => Math.max(0, ...(document.querySelector(`.chart[aria-label="${alt}"]`)?._fullData ?? [])
                  .map(line => line.x.length))""",
        chart,
    )


def stroke(page: Page, through: Sequence[tuple[float, float]], steps: int = 8) -> None:
    """Draw with the mouse on Classify's board, in shares of its sides from the top left."""
    board = page.locator("canvas[aria-label^='Drawing area']")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in through]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=steps)
    page.mouse.up()


def slowed(page: Page, times: float = 8) -> None:
    """Slow the browser down by a factor from now on, like that of an old phone."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})
