from __future__ import annotations

from tests.pages.components.conftest import Browser, Mounted


def test_the_browser_gets_the_text_the_picture_and_all_words(mounted: Mounted, browser: Browser) -> None:
    browser.answer = {}
    mounted("share").share("8 of 10", key="result", picture="data:image/png;base64,AA==", name="a.png")
    sent = browser.data
    assert (sent["text"], sent["picture"], sent["name"]) == ("8 of 10", "data:image/png;base64,AA==", "a.png")
    assert sent["texts"].keys() == {"share", "copied", "blocked"}
    assert all(sent["texts"].values())
