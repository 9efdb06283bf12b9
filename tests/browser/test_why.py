from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import keyed, opened, readings, settled, upload
from tests.pictures import cat, photograph

pytestmark = pytest.mark.browser


def test_a_dragged_slider_changes_the_answers(server: Server, page: Page) -> None:
    opened(page, server.url + "/classify")
    upload(page, photograph(4))
    expect(readings(page)).to_have_count(3)
    settled(page)
    page.locator('[class*="st-key-robust-"] summary').click()
    expect(readings(page)).to_have_count(6)
    delta = page.locator('[data-testid="stMetricDelta"]').nth(3)
    before = delta.inner_text()

    knob = page.locator('[class*="st-key-robust-"][class*="rotation"]').get_by_role("slider")
    knob.scroll_into_view_if_needed()
    box = knob.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()

    expect(delta).not_to_have_text(before)
    expect(page.locator('[class*="st-key-robustness"] .chart')).to_be_visible()


def test_a_cat_is_called_a_cat_and_the_map_covers_it(server: Server, page: Page) -> None:
    opened(page, server.url + "/classify")
    upload(page, cat(), "photo.jpg")
    expect(readings(page)).to_have_text(["cat"])
    settled(page)

    keyed(page, "why thing").locator("summary").click()

    shown = keyed(page, "activation 0 thing").locator(".js-plotly-plot")
    expect(shown.locator(".heatmaplayer image")).to_be_visible()
    assert shown.evaluate(COVERED) > 0.85


# Share of a map's values that are above a tenth of its highest.
COVERED = """chart => {
  const values = chart._fullData[0].z.flatMap(row => [...row])
  return values.filter(value => value > 0.1).length / values.length
}"""
