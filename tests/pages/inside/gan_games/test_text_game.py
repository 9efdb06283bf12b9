from __future__ import annotations

import re
from typing import Any

import pytest

from core.gan_games import equation_grammar
from pages.parts.shared import experiment
from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import Canned, started
from tests.pages.inside.local_experiment import Local
from tests.pages.inside.reading import equations, press
from tests.pages.looks import numbers


def test_texts_are_checked_and_counted(open_page: OpenPage, canned: list[Canned]) -> None:
    at = started(open_page, "text")

    assert "3+4= 8 ✗" in equations(at)
    assert re.search(r"3\+4= 8 ✗ \S+ 7 \D+ 5 3\+4=7", equations(at))
    assert [numbers(metric.value) for metric in at.metric][:3] == [["50", "0"], ["30", "110"], ["2", "22"]]
    assert f"{equation_grammar.chance()[1]:.1%}" in " ".join(caption.value for caption in at.caption)


def test_the_real_game_is_played(
    open_page: OpenPage, text_game: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        experiment, "ChildProcess", lambda name, options, **limits: Local(text_game, name, options)
    )
    at = press(started(open_page, "text"), "game train_g", "game ten_rounds")

    assert "10, 11" in [metric.value for metric in at.metric]
    assert equations(at).count("✗") >= 8
    assert not at.error
