from __future__ import annotations

import base64
import cmath
import io
import math
import zipfile
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.parts.classify.picture_input import SOURCES
from tests.browser.accessibility import violations_in_both_themes
from tests.browser.conftest import Server
from tests.browser.steps import (
    PAGES,
    button,
    keyed,
    opened,
    option,
    pictured,
    readings,
    settled,
    stroke,
    tab_to,
    upload,
)
from tests.pictures import photograph

pytestmark = pytest.mark.browser


def _answers(page: Page) -> Locator:
    """Return the bars of the likeliest classes."""
    return page.locator('[class*="st-key-bars"]').get_by_role("img")


def test_a_photographed_digit_is_read_by_both_networks(server: Server, page: Page) -> None:
    opened(page, server.url + "/classify")

    upload(page, photograph(7))

    expect(readings(page)).to_have_text(["7"] * 3)
    expect(page.get_by_test_id("stImage").first).to_be_visible()
    expect(_answers(page)).to_be_visible()


def test_a_photographed_number_is_read_digit_by_digit(server: Server, page: Page) -> None:
    opened(page, server.url + "/classify")

    upload(page, photograph(2, 4, 7))

    expect(readings(page)).to_have_text(["247"] * 3)


def test_an_invalid_picture_shows_one_error(server: Server, page: Page) -> None:
    opened(page, server.url + "/classify")

    upload(page, b"no picture", "notes.png")

    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    expect(page.get_by_test_id("stAlert")).to_contain_text("notes.png")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_digit_of_two_strokes_is_read(server: Server, page: Page) -> None:
    opened(page, server.url + "/classify")
    option(page, "source", SOURCES["draw"]).click()

    stroke(page, [(0.28, 0.22), (0.72, 0.2)])
    stroke(page, [(0.72, 0.2), (0.6, 0.48), (0.46, 0.84)])

    expect(readings(page)).to_have_text(["7"] * 3)


def test_a_zero_that_fills_the_board_is_read(server: Server, page: Page) -> None:
    opened(page, server.url + "/classify")
    option(page, "source", SOURCES["draw"]).click()

    ring = [cmath.rect(0.48, math.tau * turn / 40) for turn in range(41)]
    stroke(page, [(0.5 + p.real, 0.5 + p.imag) for p in ring], steps=1)

    expect(readings(page)).to_have_text(["0"] * 3)


def test_a_drawing_is_kept_over_a_visit_to_another_page_and_a_reload(server: Server, page: Page) -> None:
    opened(page, server.url + "/classify")
    option(page, "source", SOURCES["draw"]).click()
    stroke(page, [(0.5, 0.16), (0.5, 0.8)])
    expect(readings(page)).to_have_text(["1"] * 3)

    pictured(page)
    links = page.get_by_test_id("stTopNavLink")
    for place, path in enumerate(("", "classify")):
        links.nth(place).click()
        expect(page.locator("h1")).to_have_text(PAGES[path])
    expect(readings(page)).to_have_text(["1"] * 3)
    settled(page).reload()

    expect(readings(page)).to_have_text(["1"] * 3)
    assert keyed(page, "drawing").locator("canvas").evaluate(INKED)
    pictured(page)
    button(page, "drawing").last.click()
    expect(readings(page)).to_have_count(0)


INKED = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
  .some((value, i) => i % 4 == 0 && value == 0)"""


def test_a_picture_is_pasted_or_dropped_anywhere_and_kept_over_a_visit_and_a_reload(
    server: Server, visitor: Callable[..., Page]
) -> None:
    page = visitor(permissions=["clipboard-read", "clipboard-write"])
    opened(page, server.url + "/classify")
    option(page, "source", SOURCES["draw"]).click()
    expect(keyed(page, "drawing").locator("canvas")).to_be_visible()

    page.evaluate(DROP, base64.b64encode(photograph(4, 2)).decode())
    expect(readings(page)).to_have_text(["42"] * 3)
    boxes = keyed(page, "boxes").locator("button")
    boxes.nth(1).click()
    expect(boxes.nth(1)).to_have_attribute("aria-pressed", "true")
    boxes.nth(1).press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(boxes.nth(0)).to_have_attribute("aria-pressed", "true")
    boxes.nth(1).click()
    expect(boxes.nth(1)).to_have_attribute("aria-pressed", "true")
    pictured(page)
    links = page.get_by_test_id("stTopNavLink")
    for place, path in enumerate(("", "classify")):
        links.nth(place).click()
        expect(page.locator("h1")).to_have_text(PAGES[path])
    for _ in range(2):
        expect(readings(page)).to_have_text(["42"] * 3)
        expect(boxes.nth(1)).to_have_attribute("aria-pressed", "true")
        settled(page).reload()

    expect(readings(page)).to_have_text(["42"] * 3)
    page.evaluate(COPY, base64.b64encode(photograph(7)).decode())
    button(page, "catcher").first.click()
    expect(readings(page)).to_have_text(["7"] * 3)


DROP = """async (picture) => {
  const blob = await (await fetch("data:image/png;base64," + picture)).blob()
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File([blob], "dropped.png", { type: "image/png" }))
  for (const kind of ["dragenter", "dragover", "drop"])
    document.querySelector("h1").dispatchEvent(
      new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer })
    )
}"""
COPY = """async (picture) => {
  const blob = await (await fetch("data:image/png;base64," + picture)).blob()
  await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })])
}"""


def test_the_keyboard_alone_reads_an_example_and_shares_it_without_violations_of_accessibility(
    server: Server, page: Page
) -> None:
    opened(page, server.url + "/classify")

    tab_to(page, button(page, "try an example"))
    page.keyboard.press("Enter")
    expect(readings(page)).to_have_count(3)
    assert violations_in_both_themes(settled(page)) == []

    tab_to(page, button(page, "share").first)
    page.keyboard.press("Enter")
    expect(button(page, "download card")).to_be_visible()
    assert violations_in_both_themes(page) == []


def test_tab_reaches_the_upload_button_and_enter_opens_it(server: Server, page: Page) -> None:
    page.once("filechooser", lambda chooser: None)  # set now: after Enter it may be too late
    opened(page, server.url + "/classify")
    upload_button = keyed(page, "pictures").locator("button").last
    expect(upload_button).to_be_visible()
    tab_to(page, upload_button)

    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([{"name": "photo.png", "mimeType": "image/png", "buffer": photograph(4)}])

    expect(readings(page)).to_have_text(["4"] * 3)


def test_a_digit_drawn_with_a_finger_is_read_and_can_be_undone(
    server: Server, visitor: Callable[..., Page]
) -> None:
    page = opened(visitor(390, 844, has_touch=True, is_mobile=True), server.url + "/classify")
    option(page, "source", SOURCES["draw"]).click()
    board = keyed(page, "drawing").locator("canvas")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    corners = [(0.28, 0.22), (0.72, 0.2), (0.6, 0.48), (0.46, 0.84)]
    touch("touchStart", corners[0])
    for (x0, y0), (x1, y1) in pairwise(corners):
        for step in range(1, 9):
            touch("touchMove", (x0 + (x1 - x0) * step / 8, y0 + (y1 - y0) * step / 8))
    touch("touchEnd")

    expect(readings(page)).to_have_text(["7"] * 3)
    expect(board).to_be_in_viewport()
    expect(readings(page).first).to_be_in_viewport(ratio=1)
    button(page, "drawing").first.click()
    expect(readings(page)).to_have_count(0)


def test_no_old_answer_is_shown_beside_the_progress_of_a_batch(server: Server, page: Page) -> None:
    opened(page, server.url + "/classify")
    upload(page, photograph(7))
    expect(readings(page)).to_have_text(["7"] * 3)
    pictured(page)
    content, file = photograph(4), io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for i in range(60):
            archive.writestr(f"{i}.png", content)

    upload(page, file.getvalue(), "pictures.zip")

    progress = page.get_by_role("progressbar")
    expect(progress).to_be_visible()
    expect(_answers(page)).to_have_count(0)
    seen = [float(progress.get_attribute("aria-valuenow") or 0)]
    for _ in range(3):
        expect(progress).not_to_have_attribute("aria-valuenow", f"{seen[-1]:g}")
        seen.append(float(progress.get_attribute("aria-valuenow") or 0))
    assert seen == sorted(seen)
    assert 100 not in seen
