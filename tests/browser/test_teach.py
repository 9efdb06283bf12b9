"""Teach: three classes, one from the fake camera, learnt, answered live, explained, exported, and kept."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ai_edge_litert.interpreter import Interpreter
from playwright.sync_api import Page, expect

from core.class_sets.class_set_store import ClassSetStore, reduced_picture
from core.class_sets.exports import FILES
from core.class_sets.features import shipped_backbone
from core.images.whole_picture import whole_picture
from core.language import gettext, percent
from pages.parts.components.upload_guard import MOST_AT_ONCE
from pages.parts.teach.looking_into import VIEWS
from pages.parts.teach.picture_sources import SOURCES
from tests.browser.accessibility import violations_in_both_themes
from tests.browser.conftest import Server
from tests.browser.steps import button, choose, field, keyed, opened, option, settled
from tests.class_sets.conftest import picture

pytestmark = pytest.mark.browser

PICTURES = 5  # of each class
FILM = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"film"}
DROP = """(zone, count) => {
  const dataTransfer = new DataTransfer();
  for (let k = 0; k < count; k++) dataTransfer.items.add(new File(["x"], `${k}.jpg`, { type: "image/jpeg" }));
  zone.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}"""


def add_class(page: Page, name: str) -> None:
    field(page, "new class").fill(name)
    button(page, "add class button").click()
    expect(keyed(page, f"name of {name}")).to_be_visible()
    settled(page)


def files(colour: str, first: int, count: int) -> list[Any]:
    return [
        {"name": f"{k}.jpg", "mimeType": "image/jpeg", "buffer": picture(colour, k, side=64)}
        for k in range(first, first + count)
    ]


def assert_same_answer(model: Path, content: bytes, expected: str, share: str) -> None:
    """Ask a LiteRT file, which knows its labels, in an interpreter of its own."""
    with zipfile.ZipFile(model) as archive:
        [labels] = archive.namelist()
        names = archive.read(labels).decode().splitlines()
    runner = Interpreter(model_path=str(model)).get_signature_runner()
    image = whole_picture(reduced_picture(content), shipped_backbone().card.preprocessing)
    [name] = runner.get_input_details()
    probabilities = runner(**{name: image[None]})["probabilities"][0]
    assert names[int(probabilities.argmax())] == expected
    assert percent(float(probabilities.max())) == share


def test_three_classes_are_taught_answered_live_and_kept(
    server: Server, visitor: Callable[..., Page]
) -> None:
    page = opened(visitor(), f"{server.url}/teach")
    uploader = page.locator('[class*="st-key-upload-"] [data-testid="stFileUploader"]')
    for colour in ("red", "blue"):
        add_class(page, colour)
        uploader.locator("section").evaluate(DROP, MOST_AT_ONCE + 1)
        expect(uploader.get_by_role("alert")).to_contain_text(str(MOST_AT_ONCE))
        uploader.locator("input").set_input_files([FILM, *files(colour, 0, PICTURES)])
        expect(uploader.get_by_role("alert")).to_contain_text(FILM["name"])
        expect(keyed(page, f"pictures of {colour}").locator(".picture")).to_have_count(PICTURES)
        settled(page)

    add_class(page, "camera")
    option(page, "source of a class", SOURCES["camera"]).click()
    expect(page.locator("video")).to_have_js_property("readyState", 4)
    page.locator(".shoot:enabled").hover()
    page.mouse.down()
    expect(page.locator(".camera .count")).to_have_text(re.compile(r"^([5-9]|\d\d)$"))
    page.mouse.up()
    shot = keyed(page, "pictures of camera").locator(".picture")
    expect(shot.nth(PICTURES - 1)).to_be_visible()
    settled(page)

    option(page, "source of a question", SOURCES["camera"]).click()
    expect(keyed(page, "answer").locator(".name.best")).to_have_text("camera")
    option(page, "source of a question", SOURCES["upload"]).click()
    keyed(page, "picture to classify").locator('input[type="file"]').set_input_files(files("blue", 9, 1))
    expect(keyed(page, "answer").locator(".name.best")).to_have_text("blue")

    option(page, "view of a set", VIEWS["confusion"]).click()
    read = gettext("{true} read correctly: {count:,}", true="blue", count=PICTURES)
    choose(page, "cell of classes", read)
    page.locator('[class*="st-key-confused"]').first.get_by_role("button").click()
    expect(page.locator('[class*="st-key-activation-map"]').first).to_be_visible()

    page.mouse.move(0, 0)  # Streamlit paints what the mouse is over in another colour
    assert violations_in_both_themes(settled(page)) == []

    share = keyed(page, "answer").locator(".best ~ .share").first.inner_text()
    with page.expect_download() as saved:
        button(page, f"make {FILES['litert']}").click()
    assert_same_answer(saved.value.path(), files("blue", 9, 1)[0]["buffer"], "blue", share)

    option(page, "view of a set", VIEWS["map"]).click()
    places = keyed(page, "map of pictures").locator("canvas")
    expect(places).to_be_visible()
    for key in ("ArrowLeft", "Enter"):
        places.press(key)
    expect(keyed(page, "map of pictures").locator(".card")).to_be_visible()
    expect(page.locator('[class*="st-key-neighbour-"]').first).to_be_visible()

    count = shot.count()
    page.reload()
    settled(page)
    expect(shot).to_have_count(count)
    [set_folder] = (server.home / "class_sets").iterdir()
    kept = ClassSetStore(server.home).open(set_folder.name)
    assert kept.names == ("red", "blue", "camera")
    assert [len(one.pictures) for one in kept.classes] == [PICTURES, PICTURES, count]
