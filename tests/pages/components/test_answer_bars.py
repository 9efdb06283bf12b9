from __future__ import annotations

from core.language import percent
from tests.pages.components.conftest import Browser, Mounted


def test_each_class_has_a_bar_and_the_likeliest_stands_out(mounted: Mounted, browser: Browser) -> None:
    mounted("answer_bars").answer_bars(["cup", "<b>"], [0.2, 0.8], key="bars", pale=True)

    bars = browser.data["bars"]
    assert [(bar["name"], bar["best"]) for bar in bars] == [("cup", False), ("<b>", True)]
    assert [bar["text"] for bar in bars] == [percent(0.2), percent(0.8)]
    assert browser.data["pale"]
