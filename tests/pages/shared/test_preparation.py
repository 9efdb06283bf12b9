from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import cv2
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.latent import inversion
from pages.parts.shared import preparation
from pages.parts.shared.uploads import File
from tests.pages.classify.visits import upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import words
from tests.pictures import photograph


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_picture_shows_one_error(open_page: OpenPage, content: bytes) -> None:
    at = upload(open_page("classify"), ("file.png", content))

    assert len(at.error) == 1
    assert not at.metric


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>.png", "**bold** [link](javascript:x) `c`.png"]
)
def test_a_file_name_cannot_become_markup(open_page: OpenPage, name: str) -> None:
    at = upload(open_page("classify"), (name, b"no picture"))

    said = at.error[0].value
    for bad in ("<img", "**", "](", " `"):
        assert bad not in said.replace("\\" + bad[0], "")
    assert not any(name in text for text in words(at).splitlines())


def _classify(open_page: OpenPage, content: bytes) -> AppTest:
    return upload(open_page("classify"), ("photo.png", content))


def _inside(open_page: OpenPage, content: bytes) -> AppTest:
    at = open_page("inside")
    at.button_group(key="inside source").set_value("upload").run()
    return upload(at, ("photo.png", content))


def _closest(open_page: OpenPage, content: bytes) -> AppTest:
    at = open_page("generate", part="closest")
    at.button_group(key="closest way").set_value("upload").run()
    return upload(at, ("photo.png", content))


@pytest.mark.parametrize("bring", [_classify, _inside, _closest])
def test_the_server_opens_no_picture_that_a_visitor_brings(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, bring: Callable[[OpenPage, bytes], AppTest]
) -> None:
    opened: list[bytes] = []
    open_image, imdecode = Image.open, cv2.imdecode

    def recorded(file: Any, *arguments: Any, **options: Any) -> Image.Image:
        opened.append(file.getvalue() if hasattr(file, "getvalue") else b"")
        return open_image(file, *arguments, **options)

    monkeypatch.setattr(inversion, "invert", lambda *_: iter(()))  # the search takes seconds
    monkeypatch.setattr(Image, "open", recorded)
    monkeypatch.setattr(cv2, "imdecode", lambda data, how: opened.append(bytes(data)) or imdecode(data, how))
    content = photograph(4)

    at = bring(open_page, content)

    assert not at.error
    assert content not in opened
    assert list(at.session_state[preparation.STATE]), "it was prepared in the child"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that the decoding process is asked to prepare."""
    names: list[str] = []

    class Pool:
        def prepare(self, _: bytes, name: str, thorough: bool = True) -> SimpleNamespace:
            names.append(name)
            return SimpleNamespace(is_searched=True)

    monkeypatch.setattr(preparation, "_pool", Pool)
    return names


def test_an_example_is_prepared_once_for_all_sessions(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        monkeypatch.setattr(st, "session_state", {})
        preparation.prepared(File.of("a.png", b"the app's own", is_example=True))
    assert asked == ["a.png"]

    monkeypatch.setattr(st, "session_state", {})
    preparation.prepared(File.of("a.png", b"the app's own"))
    assert len(asked) == 2, "a visitor's file is never shared"


def test_a_session_keeps_its_own_pictures_and_few_of_them(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions: list[dict[str, Any]] = [{} for _ in range(6)]
    for session in sessions * 2:
        monkeypatch.setattr(st, "session_state", session)
        preparation.prepared(File.of(f"{sessions.index(session)}.png", b"own"))
    assert len(asked) == 6, "each visitor's second run finds the picture"

    for content in (b"1", b"2", b"2"):
        preparation.prepared(File.of("a.png", content))

    assert len(asked) == 8
    assert len(sessions[-1][preparation.STATE]) == preparation.KEPT
