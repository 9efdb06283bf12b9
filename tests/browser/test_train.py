from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from core.contract import architectures
from core.contract.config import ClassifierConfig
from core.figures.curves import reduced
from core.language import gettext
from core.runs import Run, RunStore
from core.runs.report.titles import MODEL_TITLES
from core.runs.store.status import State
from pages.parts.train.controls import STATES
from pages.parts.train.live_view import LABELS, VIEW
from pages.parts.train.mistakes import ALTS
from tests.browser.accessibility import violations_in_both_themes
from tests.browser.conftest import Server, serving
from tests.browser.steps import (
    PAGES,
    button,
    chart,
    choose,
    fill,
    keyed,
    opened,
    option,
    points,
    readings,
    settled,
    slowed,
    tab_to,
    upload,
)
from tests.pictures import photograph

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

IMAGES = f"{ClassifierConfig().dataset} images"
EPOCHS = 900  # more than are ever reached
LEARNING = 150_000  # milliseconds


def _state(page: Page, state: State) -> Locator:
    return page.locator(".stMarkdownBadge").filter(has_text=gettext(STATES[state]))


def _fill_in(page: Page, server: Server) -> None:
    opened(page, server.url + "/train")
    choose(page, "cnn architecture", gettext(architectures.get("deep").title))
    choose(page, IMAGES, "1,000")
    fill(page, "cnn epochs", EPOCHS)


def _wait_for_points(page: Page, more_than: int) -> int:
    page.wait_for_function(
        """least => (document.querySelector('.st-key-loss .chart')?._fullData ?? [])
                    .some(line => line.x.length > least)""",
        arg=more_than,
        timeout=LEARNING,
    )
    return points(page, "loss")


def _steps_drawn(page: Page) -> list[int]:
    """Return the steps of the bold curve of the training loss; those of epochs have markers."""
    return page.evaluate(
        """() => document.querySelector('.st-key-loss .chart')
                       ._fullData.findLast(line => line.mode === 'lines').x.map(Number)"""
    )


def test_a_training_keeps_zoom_and_place_pauses_at_once_outlives_its_server_and_its_network_can_classify(
    tmp_path: Path, visitor: Callable[..., Page]
) -> None:
    """Begin with the keyboard, pause in a slow browser, stop after the restart of the server."""
    page = visitor()
    with serving(tmp_path, ends_workers=False) as first:
        _fill_in(page, first)
        tab_to(page, button(page, "start"))
        page.keyboard.press("Enter")
        expect(button(page, "stop")).to_be_visible()
        seen = _zoom_stays_while_points_come(page)
        page.wait_for_load_state("networkidle")  # an interrupted file would be an error in the console
        page.reload()  # the training continues, and the link shows it again
        assert _wait_for_points(page, max(seen, 30)) > seen
        _pause_in_a_slow_browser(page)
        button(page, "pause").click()  # continues
        expect(button(page, "step")).to_have_count(0)
        (run,) = RunStore(first.home).list()
        page.wait_for_load_state("networkidle")
        page.goto("about:blank")
    assert run.is_locked()  # the server is dead and its worker continues
    _wait_for_steps(run, more_than=run.status().step)

    with serving(tmp_path, port=int(first.url.rpartition(":")[2])) as second:
        page.goto(f"{second.url}/train?run={run.id}")
        button(page, "stop").click()
        expect(_state(page, "stopped")).to_be_visible(timeout=LEARNING)
        expect(button(page, "stop")).to_have_count(0)
        steps, _ = reduced(np.zeros(run.status().step))
        _wait_for_points(page, len(steps) - 1)
        assert _steps_drawn(page) == steps.tolist()
        _look_at_the_trained_network(page)
        other = opened(visitor(), page.url)  # anyone with the link can watch the run
        expect(_state(other, "stopped")).to_be_visible()
        other.close()
        _classify_with_the_trained_network(page)
        page.goto("about:blank")  # before the server ends


def test_faces_appear_and_change_while_a_generator_learns_in_colour(server: Server, page: Page) -> None:
    opened(page, server.url + "/train")
    keyed(page, "family").get_by_role("radio").last.click()  # GAN
    button(page, "preset fast-faces").click()
    settled(page)
    button(page, "start").click()
    faces = page.get_by_test_id("stImage").locator("img")
    expect(faces).to_be_visible()
    first = faces.get_attribute("src") or ""
    expect(faces).not_to_have_attribute("src", first)
    keyed(page, "discarding").get_by_role("button").click()
    button(page, "discard").click()  # it would train for minutes
    expect(button(page, "stop")).to_have_count(0)


def _zoom_stays_while_points_come(page: Page) -> int:
    """Zoom into the chart of the loss while it grows; return its number of points."""
    seen = _wait_for_points(page, 0)
    loss = chart(page, "loss")
    loss.evaluate("chart => { chart.mark = true; chart.place = chart.getBoundingClientRect().top }")
    drag = loss.locator(".nsewdrag").bounding_box()
    assert drag is not None
    page.mouse.move(drag["x"] + 0.1 * drag["width"], drag["y"] + 0.2 * drag["height"])
    page.mouse.down()
    page.mouse.move(drag["x"] + 0.7 * drag["width"], drag["y"] + 0.8 * drag["height"], steps=4)
    page.mouse.up()
    zoom = loss.evaluate("chart => chart._fullLayout.xaxis.range")

    seen = _wait_for_points(page, seen)
    assert loss.evaluate("chart => chart.mark")  # still the same chart
    expect(loss.locator(".modebar-btn")).to_have_count(2)  # to download it, and none that would send it away
    assert loss.evaluate("chart => chart._fullLayout.xaxis.range") == zoom
    assert loss.evaluate("chart => chart.getBoundingClientRect().top - chart.place") == 0
    return seen


def _pause_in_a_slow_browser(page: Page) -> None:
    with slowed(page):
        page.wait_for_timeout(4000)  # updates would queue up if a clock requested them
        button(page, "pause").click()
        expect(button(page, "step")).to_be_visible(timeout=20_000)


def _wait_for_steps(run: Run, more_than: int) -> None:
    give_up = time.monotonic() + 60
    while run.status().step <= more_than:
        assert time.monotonic() < give_up, "the worker trains no further"
        time.sleep(0.1)


def _look_at_the_trained_network(page: Page) -> None:
    expect(page.get_by_test_id("stMetricValue")).to_have_count(1)
    option(page, VIEW, LABELS["mistakes"]).click()
    expect(page.get_by_role("figure", name=gettext(ALTS["test"]))).to_be_visible()
    expect(chart(page, "class accuracy")).to_be_visible()
    _open_a_cell(page)
    assert violations_in_both_themes(page) == []
    option(page, VIEW, LABELS["curves"]).click()
    _wait_for_points(page, 20)
    steps = points(page, "loss")
    address = page.url
    assert "run=" in address

    page.reload()
    expect(_state(page, "stopped")).to_be_visible()
    _wait_for_points(page, steps - 1)
    assert (points(page, "loss"), page.url) == (steps, address)

    with page.expect_download() as download:
        button(page, "make config.json").click()
    assert json.loads(download.value.path().read_text())["epochs"] == EPOCHS


def _open_a_cell(page: Page) -> None:
    """Click the square of the matrix for images of a 1 that were read as a 1."""
    square = page.locator('[class*="st-key-confusion"] .point').nth(11).bounding_box()
    assert square is not None
    page.mouse.click(square["x"] + square["width"] / 2, square["y"] + square["height"] / 2)
    expect(keyed(page, "cell").get_by_role("combobox")).to_have_value(re.compile(r"1\D"))
    settled(page)


def _classify_with_the_trained_network(page: Page) -> None:
    button(page, "read with run").click()
    expect(page.locator("h1")).to_have_text(PAGES["classify"])
    upload(page, photograph(7))
    expect(readings(page)).to_have_count(1)
    chosen = keyed(page, "classifiers digit").locator('[data-selected="true"]')
    expect(chosen).to_contain_text(gettext(MODEL_TITLES["own"], title="").strip())
