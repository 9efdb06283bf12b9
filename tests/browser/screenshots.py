"""The README's screenshots and the pictures of links: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from core.class_sets.example_drawings import example_drawings
from core.figures.training import VALIDATION
from core.language import gettext
from pages.parts.shared import link_previews
from tests.browser.conftest import FLAGS, NAMES, PATIENCE, serving
from tests.browser.steps import button, chart, keyed, opened, readings, settled, upload
from tests.pictures import photograph

FOLDER = Path(__file__).parent / "screenshots"
PERSON = "generate?person=2&style=3"  # a person who is drawn well


def main() -> None:
    """Serve the app, use it as a visitor would, and write screenshots of the pages and measured gradients."""
    FOLDER.mkdir(exist_ok=True)
    chromium = next(filter(None, map(shutil.which, NAMES)))
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1200, "height": 840})
        page.set_default_timeout(PATIENCE)
        _link_pictures(page, server.url)
        _classify(opened(page, f"{server.url}/classify"))
        _teach(opened(page, f"{server.url}/teach"))
        _train(opened(page, f"{server.url}/train"))
        opened(page, f"{server.url}/{PERSON}")
        _take(page, "generate")
        _vanishing(page, server.url)
        browser.close()


def _link_pictures(page: Page, url: str) -> None:
    """Write a picture of the top of each page, which other sites show beside a link to it."""
    link_previews.PICTURES.mkdir(exist_ok=True)
    page.set_viewport_size({"width": link_previews.WIDTH, "height": link_previews.HEIGHT})
    for path in link_previews.PREVIEWS:
        opened(page, f"{url}/{PERSON if path == 'generate' else path}")
        page.wait_for_timeout(1500)
        name = path or link_previews.HOME
        page.screenshot(path=link_previews.PICTURES / f"{name}.jpg", type="jpeg", quality=80)
    page.set_viewport_size({"width": 1200, "height": 840})


def _classify(page: Page) -> None:
    upload(page, photograph(2, 4, 7))
    expect(readings(page).first).to_be_visible()
    _take(settled(page), "classify")


def _teach(page: Page) -> None:
    page.set_viewport_size({"width": 1200, "height": 1100})
    button(page, "example set").click()
    expect(readings(page).first).to_be_visible()
    settled(page)
    drawing = {"name": "fish.jpg", "mimeType": "image/jpeg", "buffer": example_drawings()[-1][2]}
    keyed(page, "picture to classify").locator('input[type="file"]').set_input_files([drawing])
    expect(keyed(page, "answer")).to_be_visible()
    _take(settled(page), "teach")
    page.set_viewport_size({"width": 1200, "height": 840})


def _train(page: Page) -> None:
    button(page, "start").click()
    expect(page.get_by_text(gettext(VALIDATION)).first).to_be_visible(timeout=2 * PATIENCE)
    _take(page, "train")


def _vanishing(page: Page, url: str) -> None:
    """Write screenshots of the measured gradients before and after training."""
    for name in ("before", "after"):
        opened(page, f"{url}/inside?part=memory&view=gradients&when={name}")
        measured = chart(page, "vanishing")
        expect(measured.get_by_text("784").first).to_be_visible()
        page.wait_for_timeout(1500)
        measured.screenshot(path=FOLDER / f"vanishing-{name}.png")


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(1500)  # charts fade in
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
