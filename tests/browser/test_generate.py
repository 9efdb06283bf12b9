from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import fill, opened

pytestmark = pytest.mark.browser

SCALE, SIDE = 3, 28


def _picture(page: Page) -> Locator:
    return page.get_by_role("img", name="images drawn by the generator")


def _sheet(page: Page) -> str:
    expect(_picture(page)).to_be_visible()
    source = _picture(page).get_attribute("src")
    assert source is not None
    return source


def _downloaded(page: Page, folder: Path) -> Image.Image:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as PNG").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == ".png"
    return Image.open(path)


def test_another_seed_and_other_classes_change_the_picture(server: Server, page: Page) -> None:
    opened(page, server.url + "/generate")
    seen = {_sheet(page)}

    fill(page, "Seed", 5)
    expect(page.get_by_role("img", name="50 images drawn by the generator, seed 5")).to_be_visible()
    seen_last = _sheet(page)
    seen.add(seen_last)

    page.get_by_role("button", name="3", exact=True).click()
    expect(_picture(page)).not_to_have_attribute("src", seen_last)
    seen.add(_sheet(page))

    assert len(seen) == 3


def test_the_download_is_a_png_of_the_asked_size(server: Server, page: Page, tmp_path: Path) -> None:
    opened(page, server.url + "/generate?count=20&seed=3")
    expect(page.get_by_role("img", name="20 images drawn by the generator, seed 3")).to_be_visible()

    picture = _downloaded(page, tmp_path)

    assert picture.format == "PNG"
    columns, rows = 10, 2
    for pixels, tiles in zip(picture.size, (columns, rows), strict=True):
        assert tiles * SIDE * SCALE <= pixels <= tiles * (SIDE + 4) * SCALE  # and gaps between
    assert np.asarray(picture.convert("L")).std() > 20  # something is drawn


def test_the_same_link_draws_the_same_picture(server: Server, page: Page, tmp_path: Path) -> None:
    drawn = []
    for folder in ("first", "second"):
        opened(page, server.url + "/generate?count=10&seed=9")
        drawn.append(np.asarray(_downloaded(page, tmp_path / folder)))

    np.testing.assert_array_equal(*drawn)
