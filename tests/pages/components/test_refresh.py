from __future__ import annotations

from tests.pages.components.conftest import Browser, Mounted


def test_each_frame_has_a_name_of_its_own_so_that_streamlit_sends_it(
    mounted: Mounted, browser: Browser
) -> None:
    refresh = mounted("refresh")
    for _ in range(2):
        refresh.refresh_after(0.5, "pace")

    first, second = (sent["data"] for sent in browser.sent)
    assert first["frame"] != second["frame"]
    assert first["milliseconds"] == second["milliseconds"] == 500
    assert browser.sent[-1]["key"] == "pace"


def test_whatever_the_browser_answers_is_ignored(mounted: Mounted, browser: Browser) -> None:
    browser.answer = {"shown": ["invented"]}
    refresh = mounted("refresh")

    assert refresh.refresh_after(0.5, "pace") is None
    assert browser.sent[-1]["on_shown_change"]() is None
