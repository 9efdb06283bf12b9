from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.runs import RunStore
from tests.browser.conftest import Server, serving
from tests.browser.steps import button, choose, fill, opened, points, readings, slowed, tab_to, upload
from tests.pictures import photograph

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

LEARNING = 150_000  # milliseconds


def _state(page: Page, name: str) -> Locator:
    return page.locator(".stMarkdownBadge").filter(has_text=name)


def _stop(page: Page) -> Locator:
    """Return the page's own button; Streamlit's header has another one while a script runs."""
    return button(page.get_by_test_id("stMain"), "Stop")


def _begin(page: Page, server: Server, images: str, epochs: int) -> None:
    opened(page, server.url + "/train")
    choose(page, "Architecture", "Deep CNN")
    choose(page, "Training images", images)
    fill(page, "Epochs", epochs)
    button(page, "Start training").click()


def _wait_for_points(page: Page, more_than: int) -> int:
    page.wait_for_function(
        """least => (document.querySelector('.chart[aria-label="Loss by step"]')?._fullData ?? [])
                    .some(line => line.x.length > least)""",
        arg=more_than,
        timeout=LEARNING,
    )
    return points(page, "Loss by step")


def test_charts_grow_during_training_and_the_trained_network_can_classify(server: Server, page: Page) -> None:
    _begin(page, server, "1,000", 2)

    first = _wait_for_points(page, 0)
    if first < 28:  # a fast machine may have finished already
        assert _wait_for_points(page, first) > first
    expect(_state(page, "Finished")).to_be_visible(timeout=LEARNING)
    expect(page.get_by_test_id("stMetricLabel").get_by_text("Test accuracy")).to_be_visible()
    page.get_by_role("radio", name="Mistakes").click()
    expect(page.get_by_role("figure", name="Confusion matrix of the test images")).to_be_visible()
    expect(page.get_by_text("test images read correctly at the end")).to_be_visible()
    page.get_by_role("radio", name="Curves").click()
    _wait_for_points(page, 20)
    steps = points(page, "Loss by step")
    link = page.url
    assert "run=" in link

    page.reload()
    expect(_state(page, "Finished")).to_be_visible()
    _wait_for_points(page, steps - 1)
    assert (points(page, "Loss by step"), page.url) == (steps, link)

    button(page, "Settings").click()
    with page.expect_download() as download:
        button(page, "Save config.json").click()
    assert json.loads(download.value.path().read_text())["epochs"] == 2

    page.get_by_role("link", name="Read pictures with this network").click()
    expect(page.locator("h1")).to_have_text("Classify")
    upload(page, photograph(7))
    expect(readings(page)).to_have_count(3)  # two networks and both combined
    page.get_by_role("button", name="(your run)").click()
    expect(readings(page)).to_have_count(4)


def test_a_slow_browser_pauses_a_training_at_once(server: Server, page: Page) -> None:
    _begin(page, server, "5,000", 60)
    _wait_for_points(page, 30)
    slowed(page)
    page.wait_for_timeout(8000)  # updates would queue up if a clock requested them
    button(page.get_by_test_id("stMain"), "Pause").click()
    expect(button(page, "Continue")).to_be_visible(timeout=20_000)
    slowed(page, 1)
    _stop(page).click()
    expect(_state(page, "Stopped")).to_be_visible(timeout=LEARNING)


def test_a_running_training_keeps_zoom_and_scroll_position_and_can_be_stopped(
    server: Server, page: Page, visitor: Callable[..., Page]
) -> None:
    _begin(page, server, "5,000", 60)
    seen = _wait_for_points(page, 0)
    loss = page.get_by_role("figure", name="Loss by step")
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
    assert loss.evaluate("chart => chart._fullLayout.xaxis.range") == zoom
    assert loss.evaluate("chart => chart.getBoundingClientRect().top - chart.place") == 0

    page.reload()  # the training continues, and the link shows it again
    assert _wait_for_points(page, seen) > seen

    _stop(page).click()
    expect(_state(page, "Stopped")).to_be_visible(timeout=LEARNING)
    expect(_stop(page)).to_have_count(0)
    expect(page.get_by_role("link", name="Read pictures with this network")).to_be_visible()

    other = opened(visitor(), page.url)  # anyone with the link can watch the run
    expect(_state(other, "Stopped")).to_be_visible()


def _steps_drawn(page: Page) -> list[int]:
    """Return the steps of the bold curve of the loss."""
    return page.evaluate(
        """() => document.querySelector('.chart[aria-label="Loss by step"]')
                       ._fullData.find(line => line.name === 'Training').x.map(Number)"""
    )


def test_a_training_survives_a_reload_and_a_restart_of_the_server_with_no_step_missing(
    tmp_path: Path, visitor: Callable[..., Page]
) -> None:
    page = visitor()
    with serving(tmp_path, ends_workers=False) as first:
        _begin(page, first, "5,000", 2)
        seen = _wait_for_points(page, 0)
        page.wait_for_load_state("networkidle")  # an interrupted file would be an error in the console
        page.reload()
        _wait_for_points(page, seen)
        (run,) = RunStore(first.home).list()
        page.wait_for_load_state("networkidle")
        page.goto("about:blank")
    assert run.is_locked()  # the server is dead and its worker continues

    with serving(tmp_path) as second:
        page.goto(f"{second.url}/train?run={run.id}")
        expect(_state(page, "Finished")).to_be_visible(timeout=LEARNING)
        _wait_for_points(page, 100)
        assert _steps_drawn(page) == list(range(1, run.status().total_steps + 1))
        assert run.status().total_steps > 100


def test_the_tab_key_reaches_start_training_and_enter_starts_it(server: Server, page: Page) -> None:
    opened(page, server.url + "/train")
    choose(page, "Training images", "1,000")
    fill(page, "Epochs", 1)
    tab_to(page, "Start training")

    page.keyboard.press("Enter")

    expect(_stop(page)).to_be_visible()
    assert "run=" in page.url
