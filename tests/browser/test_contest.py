from __future__ import annotations

import os
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.gan_games import point_sets
from pages.parts.inside.gan_game_part import LABELS
from tests.browser.conftest import Server
from tests.browser.steps import button, opened, option, settled, slowed

pytestmark = pytest.mark.browser


def _turns(page: Page) -> Locator:
    return page.get_by_test_id("stMetricValue").filter(has_text=re.compile(r"^\s*\d+, \d+\s*$"))


def _end_experiments(server: Server) -> None:
    """Kill this server's experiments, as a machine without memory would."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            ours = os.fsencode(server.home) in (process / "environ").read_bytes()
            if ours and b"core.subprocesses.child" in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)


def test_the_game_on_points_is_played_losses_are_compared_and_it_starts_again_after_its_process_died(
    server: Server, page: Page
) -> None:
    """Play one game for all: AppTests hold the others, with answers that tests of the experiments compare."""
    opened(page, f"{server.url}/inside?part=contest&contest=plane")
    button(page, "start gan_game_plane").click()
    # The process loads and compiles: this takes minutes while others train.
    expect(button(page, "game ten_rounds")).to_be_enabled(timeout=240_000)
    settled(page)
    canvas = page.locator("canvas[data-frame]")
    first = str(canvas.get_attribute("data-frame"))
    button(page, "game train_d").focus()
    page.keyboard.press("Enter")
    expect(_turns(page)).to_have_text("1, 0")
    expect(canvas).not_to_have_attribute("data-frame", first)
    expect(page.locator("table.updates")).to_be_visible()

    button(page, "game next_stage").click()
    expect(page.locator("li[aria-current=step]")).to_have_text(re.compile("^2 "))
    expect(page.locator("table.updates")).to_have_count(0)

    with slowed(page):
        button(page, "game play").click()
        expect(_turns(page)).to_have_text(re.compile(r"\d\d, \d\d"))  # ten rounds and more
        page.wait_for_timeout(4000)  # frames would queue up if a clock requested them
        button(page, "game play").click()
        expect(button(page, "game train_d")).to_be_enabled(timeout=20_000)
    paused = _turns(settled(page)).inner_text()
    page.wait_for_timeout(500)
    expect(_turns(page)).to_have_text(paused)
    frame = str(dict(zip(("discriminator", "generator"), map(int, paused.split(", ")), strict=True)))
    expect(canvas).to_have_attribute("data-frame", frame)

    option(page, "contest", LABELS["losses"]).click()
    button(page, "game ten_rounds").click()
    expect(page.locator("canvas[data-frame]")).to_have_count(4)

    option(page, "contest", LABELS["plane"]).click()
    expect(button(page, "game train_g")).to_be_enabled()
    settled(page)
    _end_experiments(server)
    button(page, "game train_g").click()
    button(page, "experiment again").click()
    expect(button(page, "start gan_game_plane")).to_be_visible()


def test_a_drawing_becomes_the_real_points(server: Server, page: Page) -> None:
    opened(page, f"{server.url}/inside?part=contest&contest=plane&points=drawn")
    button(page, "draw points").click()
    box = page.locator("canvas[role=img]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 40, box["y"] + 60, steps=8)
    page.mouse.up()
    expect(page).to_have_url(re.compile("cells="))

    code = re.search(r"cells=([\w-]+)", page.url)
    assert code
    assert point_sets.drawn(code.group(1)).centres[:, 1].min() > 0  # in the upper half, like the drawing
