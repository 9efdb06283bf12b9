from __future__ import annotations

import base64
from typing import Any

import pytest
import streamlit as st

from pages.parts.components.paste import MAX_CHARACTERS
from tests.pages.components.conftest import Browser, Mounted

PICTURE = b"any bytes: they are decoded and checked later"


def _url(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


@pytest.fixture
def paste(mounted: Mounted, browser: Browser) -> Any:
    browser.answer = {"picture": None}
    return mounted("paste").paste


def test_before_a_paste_there_is_no_picture(paste: Any, browser: Browser) -> None:
    assert paste("clipboard") is None
    names = {"paste", "keys", "reading", "pasted", "empty", "blocked"}
    assert browser.data["texts"].keys() == names
    assert all(browser.data["texts"].values())


def test_a_pasted_picture_is_kept_until_the_next_one(paste: Any, browser: Browser) -> None:
    browser.answer = {"picture": _url(PICTURE)}
    assert paste("clipboard") == PICTURE

    browser.answer = {"picture": None}  # a trigger comes once
    assert paste("clipboard") == PICTURE
    assert paste("another") is None

    browser.answer = {"picture": _url(b"another")}
    assert paste("clipboard") == b"another"


def test_a_removed_picture_is_forgotten(
    paste: Any, browser: Browser, session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.answer = {"picture": _url(PICTURE)}
    paste("clipboard")
    browser.answer = {"picture": None}
    reruns: list[bool] = []
    monkeypatch.setattr(st, "button", lambda label, **options: options["key"] == "clipboard forget")
    monkeypatch.setattr(st, "rerun", lambda: reruns.append(True))

    paste("clipboard")

    assert (session, reruns) == ({}, [True])
    assert paste("clipboard") is None


@pytest.mark.parametrize(
    "answer",
    [
        *("", "x", 7, ["data:"], {"picture": _url(PICTURE)}, PICTURE),
        "https://example.org/a.png",
        "data:image/png,no base64",
        "data:image/png;base64,",
        "data:image/png;base64,****",
        "data:image/png;base64," + "A" * MAX_CHARACTERS,
    ],
    ids=lambda answer: str(answer)[:24],
)
def test_an_answer_that_is_no_picture_leaves_the_picture_before(
    paste: Any, browser: Browser, answer: Any
) -> None:
    browser.answer = {"picture": answer}
    assert paste("clipboard") is None

    browser.answer = {"picture": _url(PICTURE)}
    paste("clipboard")
    browser.answer = {"picture": answer}
    assert paste("clipboard") == PICTURE
