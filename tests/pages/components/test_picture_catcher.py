from __future__ import annotations

from tests.pages.components.conftest import Browser, Mounted


def test_a_picture_without_an_uploader_asks_for_one(mounted: Mounted, browser: Browser) -> None:
    asked: list[str] = []

    mounted("picture_catcher").picture_catcher(
        "catcher", buttons=False, on_wanted=lambda: asked.append("uploader")
    )

    browser.sent[-1]["on_wanted_change"]()
    assert asked == ["uploader"]
    assert browser.data["buttons"] is False
