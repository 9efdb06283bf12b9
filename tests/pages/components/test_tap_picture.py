from __future__ import annotations

from tests.pages.components.conftest import Browser, Mounted


def test_the_browser_gets_the_picture_with_its_words_and_a_tap_is_reported(
    mounted: Mounted, browser: Browser
) -> None:
    taps: list[int] = []

    words = {"alt": "a 7", "hint": "again"}
    mounted("tap_picture").tap_picture("data:,", key="tap", on_tap=lambda: taps.append(1), **words)

    assert browser.data == {"url": "data:,", **words}
    browser.sent[-1]["on_tapped_change"]()
    assert taps == [1]
