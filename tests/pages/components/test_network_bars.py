from __future__ import annotations

import numpy as np

from core.figures.classification import NetworkAnswer
from core.language import percent
from tests.pages.components.conftest import Browser, Mounted


def test_each_network_has_a_bar_for_each_class_and_its_best_stands_out(
    mounted: Mounted, browser: Browser
) -> None:
    networks = [
        NetworkAnswer("one", "cnn", np.array([0.1, 0.9])),
        NetworkAnswer("two", "rnn", np.array([0.7, 0.3])),
    ]
    mounted("network_bars").network_bars(networks, ["1", "0"], ["0", "1"], key="bars")

    assert browser.data["classes"] == ["0", "1"]
    first, second = browser.data["networks"]
    assert [bar["best"] for bar in first["bars"]] == [False, True]
    assert [bar["text"] for bar in second["bars"]] == [percent(0.7), percent(0.3)]
    assert first["colour"] != second["colour"]
