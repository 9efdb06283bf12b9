from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import opened, readings, settled, upload
from tests.pictures import photograph

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
