from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.parts.shared import navigation
from tests.pages.conftest import ROOT, OpenPage


def test_long_lived_objects_are_frozen_after_a_page_has_run(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "FREEZE_SECONDS", 1e-9)  # or it would be done once in ten minutes
    gc.unfreeze()

    open_page("home")

    assert gc.get_freeze_count() > 10 * len(gc.get_objects())
    gc.unfreeze()  # what the tests make may be garbage


def test_the_icon_of_the_tab_is_a_file_of_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard against a Material icon, which the browser would fetch from Google."""
    asked: dict[str, Any] = {}
    monkeypatch.setattr(st, "set_page_config", lambda **options: asked.update(options))

    navigation.configure_page()

    assert Path(asked["page_icon"]).is_relative_to(ROOT)
    assert Path(asked["page_icon"]).is_file()


@pytest.mark.parametrize("script", ["streamlit_app.py", "pages/train.py", "pages/home.py"])
def test_a_wrong_setting_shows_one_error_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", "many")

    at = AppTest.from_file(str(ROOT / script), default_timeout=60).run()

    assert not at.exception
    (error,) = at.error
    assert "WORKERS" in error.value
    assert "many" in error.value
    assert not at.title
    assert not at.button
