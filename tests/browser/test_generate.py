from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urljoin

import numpy as np
import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import Locator, Page, expect

from core.language import gettext
from core.runs import RunStore
from pages.parts.generate import person
from tests import avatar_bundle
from tests.benchmarks.streamlit_client import Visitor
from tests.browser.accessibility import violations_in_both_themes
from tests.browser.conftest import Server
from tests.browser.steps import button, choose, fill, keyed, opened, settled

pytestmark = pytest.mark.browser

SCALE, SIDE = 3, 28


def _picture(page: Page) -> Locator:
    return keyed(page, "sheet").locator("img")


def _film(page: Page) -> Locator:
    """Return the animation of an interpolation, the first image of its view."""
    return page.get_by_test_id("stImage").locator("img").first


def _enlarged(page: Page) -> Locator:
    """Return the opened image, the first one below the grid."""
    return page.get_by_test_id("stImage").locator("img").first


def _sheet(page: Page) -> str:
    expect(_picture(page)).to_be_visible()
    source = _picture(page).get_attribute("src")
    assert source is not None
    return source


def _downloaded(page: Page, folder: Path, kind: str = "PNG") -> Image.Image:
    return Image.open(_saved(page, folder, kind))


def _saved(page: Page, folder: Path, kind: str) -> Path:
    with page.expect_download() as download:
        button(page, f"download {kind.lower()}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == f".{kind.lower()}"
    return path


def _frames(film: Image.Image) -> list[np.ndarray]:
    return [np.asarray(frame.convert("L")) for frame in ImageSequence.Iterator(film)]


def test_a_link_gives_the_same_picture_of_the_requested_size_and_another_seed_or_class_another(
    server: Server, page: Page, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    opened(page, server.url + "/generate?count=20&seed=9")
    drawn = _downloaded(page, tmp_path / "first")
    columns, rows = 10, 2
    for pixels, tiles in zip(drawn.size, (columns, rows), strict=True):
        assert tiles * SIDE * SCALE <= pixels <= tiles * (SIDE + 4) * SCALE  # with gaps between the tiles
    assert np.asarray(drawn.convert("L")).std() > 20  # the picture is not empty

    first = _sheet(page)
    fill(page, "seed", 5)
    expect(_picture(page)).not_to_have_attribute("src", first)
    second = _sheet(page)
    keyed(page, "classes").get_by_role("button", name="3", exact=True).click()
    expect(_picture(page)).not_to_have_attribute("src", second)
    assert _sheet(page) != first

    other = visitor()
    opened(other, page.url)
    again = _downloaded(page, tmp_path / "second"), _downloaded(other, tmp_path / "third")
    np.testing.assert_array_equal(*map(np.asarray, again))


def test_on_a_phone_a_person_is_drawn_kept_in_part_downloaded_filmed_and_reopened(
    server: Server, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    page = visitor(390, 844)
    run = avatar_bundle.finished_run(RunStore(server.home))
    opened(page, f"{server.url}/generate?model={run.id}&person=3")
    keyed(page, "keep").get_by_role("button", name=gettext(person.LABELS["hair"])).click()
    settled(page)
    before = _enlarged(page).get_attribute("src") or ""
    button(page, "person next").click()
    expect(_enlarged(page)).not_to_have_attribute("src", before)
    expect(page).to_have_url(re.compile("person=[^&]{40}"))  # a point in place of a seed
    picture = _downloaded(page, tmp_path)
    assert picture.size == (512, 512)
    other = visitor()
    opened(other, page.url)
    assert np.array_equal(np.asarray(_downloaded(other, tmp_path / "again")), np.asarray(picture))

    keyed(other, "part").get_by_role("radio").nth(2).click()  # interpolation
    film = _saved(other, tmp_path, "MP4").read_bytes()
    assert film[4:8] == b"ftyp"

    # The details of an image are in a dialog.
    opened(page, server.url + "/generate?count=10&seed=2")
    _picture(page).click()
    expect(page.get_by_role("dialog").get_by_role("img").first).to_be_visible()
    assert violations_in_both_themes(settled(page)) == []
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("image="))


def test_links_to_a_written_number_and_an_interpolation_give_the_same_pixels(
    server: Server, page: Page, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    opened(page, server.url + "/generate?model=dcgan")
    keyed(page, "part").get_by_role("radio").nth(1).click()  # handwriting
    keyed(page, "text").locator("textarea").fill("+49 30 1")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("img", name="+49 30 1")).to_be_visible()

    keyed(page, "part").get_by_role("radio").nth(2).click()  # interpolation
    expect(_film(page)).to_be_visible()
    settled(page)  # a field loses its text if the page is still being built
    film = _film(page)
    for change in (lambda: fill(page, "to-seed", 77), lambda: choose(page, "from", "7")):
        expect(film).to_have_js_property("complete", True)  # otherwise the server may drop it during loading
        before = film.get_attribute("src") or ""
        change()
        # The link changes before the server knows the choice; until then the film is still the old one.
        expect(film).not_to_have_attribute("src", before)
        settled(page)
    for parameter in ("part=travel", "from=7", "to-seed=77"):
        expect(page).to_have_url(re.compile(rf"[?&]{parameter}(&|$)"))
    frames = _frames(_downloaded(page, tmp_path / "first", "GIF"))
    assert len(frames) > 20
    assert not np.array_equal(frames[0], frames[len(frames) // 2])

    other = visitor()
    opened(other, page.url)
    expect(_film(other)).to_be_visible()
    again = _frames(_downloaded(other, tmp_path / "second", "GIF"))
    assert all(np.array_equal(a, b) for a, b in zip(frames, again, strict=True))


def test_a_click_opens_an_image_and_its_link_opens_it_again(
    server: Server, page: Page, visitor: Callable[..., Page]
) -> None:
    opened(page, server.url + "/generate?count=10&seed=2")
    sheet = _picture(page)
    box = sheet.bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.35 * box["width"], box["y"] + 0.5 * box["height"])
    large = _enlarged(page)
    expect(large).to_be_visible()
    expect(page.get_by_text("D(x)").first).to_be_visible()
    expect(page).to_have_url(re.compile("image=3"))

    other = visitor()
    opened(other, page.url)
    again = _enlarged(other)
    expect(again).to_be_visible()
    assert _pixels(other, again) == _pixels(page, large)


def _pixels(page: Page, picture: Locator) -> bytes:
    source = picture.get_attribute("src")
    assert source is not None
    return page.request.get(urljoin(page.url, source)).body()


def test_a_file_is_kept_while_others_use_the_app_and_not_when_its_visitor_goes_on(server: Server) -> None:
    async def fetched() -> list[bytes | None]:
        async with Visitor(server.url) as visitor, Visitor(server.url) as other:
            await visitor.open("generate")
            path = await visitor.make_file("download png")
            for _ in range(3):
                await other.open("inside")
            found = [await visitor.fetch(path)]
            await visitor.open("inside")
            for _ in range(3):
                await other.open("inside")
            return [*found, await visitor.fetch(path)]

    with ThreadPoolExecutor(1) as thread:  # Playwright has a loop in this one
        kept, gone = thread.submit(asyncio.run, fetched()).result()
    assert kept is not None
    assert kept.startswith(b"\x89PNG")
    assert gone is None
