from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.bundles.bundle import PRETRAINED
from core.contract.config import ClassifierConfig
from core.language import gettext
from core.messages import message
from core.runs import Run, RunStore
from pages.parts.inside import convolution_part, memory_part, training_steps
from pages.parts.inside.gate_equations import HIDDEN_STATE
from pages.parts.inside.kernel_fields import PRESET_LABELS
from pages.parts.inside.map_panels import OUTPUT
from pages.parts.inside.picture_choice import SOURCES
from pages.parts.inside.row_completion import MANY
from pages.parts.inside.vanishing_gradients import TIMES
from tests.browser.accessibility import violations_in_both_themes
from tests.browser.conftest import Server
from tests.browser.steps import button, chart, field, keyed, opened, option, settled

pytestmark = pytest.mark.browser


def _panel(page: Page, title: str | re.Pattern[str]) -> Locator:
    return page.locator("figure.panel").filter(has=page.locator(".title", has_text=title))


def _output(number: int, layer: str) -> str:
    """Return the title of the panel that shows a map of a layer."""
    return gettext(OUTPUT, number=number, layer=layer)


def _press(frame: Locator, row: int, column: int, rows: int, columns: int) -> None:
    box = frame.bounding_box()
    assert box is not None
    place = {"x": (column - 0.5) * box["width"] / columns, "y": (row - 0.5) * box["height"] / rows}
    frame.click(position=place)


def _bring_drawing(page: Page) -> None:
    """Draw a stroke on the canvas of the popover, and close the popover."""
    button(page, "inside change").click()
    option(page, "inside source", SOURCES["draw"]).click()
    box = page.locator("canvas[role=img]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 40, steps=8)
    page.mouse.up()
    expect(page).to_have_url(re.compile("drawing="))
    page.keyboard.press("Escape")


def test_a_map_and_a_cell_are_chosen_by_click_and_key_and_the_sum_follows(server: Server, page: Page) -> None:
    opened(page, server.url + "/inside?network=cnn")
    expect(_panel(page, re.compile(gettext(OUTPUT, number=r"\d+", layer=".+")))).to_be_visible()

    _press(_panel(page, re.compile("^conv2$")).locator(".frame"), 2, 3, 8, 8)
    expect(_panel(page, _output(11, "conv2"))).to_be_visible()
    output = _panel(page, _output(11, "conv2")).locator(".frame")
    _press(output, 6, 9, 14, 14)
    expect(field(page, "inside row")).to_have_value("6")
    expect(field(page, "inside column")).to_have_value("9")

    output.press("ArrowDown")
    expect(field(page, "inside row")).to_have_value("7")
    expect(page.get_by_text(re.compile(r"max\(0, [−\d]"))).to_be_visible()
    expect(page).to_have_url(re.compile("layer=conv2.*map=11.*row=7.*column=9"))
    sums = settled(page).locator("dl.lines").last.inner_text()

    page.reload()
    expect(page.locator("dl.lines").last).to_have_text(sums, use_inner_text=True)


def test_a_cell_can_be_chosen_by_finger_and_arrow_keys(server: Server, visitor: Callable[..., Page]) -> None:
    page = opened(
        visitor(390, 844, has_touch=True, is_mobile=True),
        server.url + "/inside?network=cnn&layer=conv2&map=11",
    )
    output = _panel(page, _output(11, "conv2")).locator(".frame")
    output.scroll_into_view_if_needed()
    box = output.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 8.5 * box["width"] / 14, box["y"] + 5.5 * box["height"] / 14)
    expect(page).to_have_url(re.compile("row=6.*column=9"))
    expect(field(page, "inside column")).to_have_value("9")

    for key in ("ArrowUp", "ArrowRight", "ArrowRight", "ArrowLeft"):
        output.press(key)
    expect(page).to_have_url(re.compile("row=5.*column=10"))
    expect(output).to_have_attribute("aria-label", re.compile("row 5, column 10"))


def test_a_kernel_typed_by_hand_is_applied_to_a_drawing(server: Server, page: Page) -> None:
    opened(page, server.url + "/inside")
    _bring_drawing(page)

    option(page, "view", convolution_part.LABELS["kernel"]).click()
    expect(_panel(page, re.compile("^Maximum$"))).to_be_visible()
    option(page, "inside preset", PRESET_LABELS["edges"]).click()
    picture = _panel(page, re.compile("^Output$")).locator("img")
    expect(page).to_have_url(re.compile("kernel=edges"))
    settled(page)
    before = picture.get_attribute("src")

    cells = page.get_by_test_id("stDataFrame")
    expect(cells).to_have_count(1)
    box = cells.bounding_box()
    assert box is not None
    cells.click(position={"x": box["width"] / 6, "y": box["height"] * 3 / 8})  # first row, first column
    page.keyboard.press("5")
    field = page.locator("#portal input")  # opens after a moment; an earlier Enter would be lost
    expect(field).to_have_value("5")
    field.press("Enter")

    expect(page).to_have_url(re.compile("kernel=5%2C-1|kernel=5,-1"))
    expect(picture).not_to_have_attribute("src", str(before))


def _experiments(server: Server) -> set[str]:
    """Return the ids of the experiment processes of a server."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if parent == str(server.pid) and b"training_steps" in (process / "cmdline").read_bytes():
                found.add(process.name)
    return found


def _wait_until(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < give_up, "the condition stayed false"
        time.sleep(0.1)


def test_buttons_take_the_steps_of_training_and_closing_the_tab_ends_the_experiment(
    server: Server, page: Page
) -> None:
    opened(page, server.url + "/inside?part=Training&rate=0.003")
    button(page, "start training_steps").click()

    for step in training_steps.LABELS:
        # For a moment the disabled button of the step before may also be there.
        button(page, f"step {step}").and_(page.locator(":enabled")).focus()
        page.keyboard.press("Enter")
    expect(page.get_by_text("÷ √").last).to_be_visible()

    button(page, f"repeat {max(training_steps.REPEATS)}").click()
    expect(page.get_by_text(re.compile(r"\b12 \w+ 12\b"))).to_be_visible()
    assert violations_in_both_themes(settled(page)) == []

    _wait_until(lambda: len(_experiments(server)) == 1)  # those of earlier tests have ended
    page.close()
    _wait_until(lambda: _experiments(server) == set())


def _own_rnn(server: Server) -> Run:
    """Make a run with the shipped LSTM on a data set that needs no download."""
    run = RunStore(server.home).create(ClassifierConfig(family="rnn", architecture="lstm"))
    shutil.copytree(PRETRAINED / "lstm", run.bundle)
    card = json.loads((run.bundle / "card.json").read_text())
    (run.bundle / "card.json").write_text(json.dumps({**card, "dataset": "rendered"}))
    run.write_status(state="finished", message=message("runs.finished", steps=30))
    return run


def test_a_row_and_a_unit_are_chosen_by_click_and_key_and_the_cells_are_compared(
    server: Server, page: Page
) -> None:
    opened(page, f"{server.url}/inside?part=Memory&network={_own_rnn(server).id}")
    state = _panel(page, re.compile(f"^{gettext(HIDDEN_STATE)}$")).locator(".frame")
    _press(state, 10, 31, 28, 128)
    expect(page.get_by_text(re.compile(r"\b31\b.*lstm2.*\b10\b"))).to_be_visible()
    state.press("ArrowDown")
    expect(page.get_by_text(re.compile(r"\b31\b.*lstm2.*\b11\b"))).to_be_visible()
    expect(page).to_have_url(re.compile("row=11.*unit=31"))

    option(page, "view", memory_part.LABELS["cells"]).click()
    expect(chart(page, "probabilities gru")).to_be_visible()
    option(page, "view", memory_part.LABELS["gradients"]).click()
    option(page, "when", TIMES["before"]).click()
    expect(page).to_have_url(re.compile(r"when=before"))
    button(page, "measure gradients").click()
    expect(chart(page, "own gradients")).to_be_visible()


def test_the_network_completes_a_drawing_also_as_another_digit(server: Server, page: Page) -> None:
    opened(page, server.url + "/inside?part=Memory&view=Complete")
    _bring_drawing(page)

    sheet = page.get_by_role("img", name=gettext(MANY, count=20, rows=14))
    expect(sheet).to_be_visible()
    settled(page)
    before = sheet.get_attribute("src")
    keyed(page, "inside rows").get_by_role("slider").press("ArrowLeft")
    expect(page).to_have_url(re.compile("rows=13"))
    keyed(page, "inside digit").get_by_role("radio", name="8", exact=True).click()
    expect(page).to_have_url(re.compile("digit=8"))
    sheet = page.get_by_role("img", name=gettext(MANY, count=20, rows=13))
    expect(sheet).not_to_have_attribute("src", str(before))
