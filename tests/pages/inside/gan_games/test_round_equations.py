from __future__ import annotations

import re

from pages.parts.inside.gan_games.game_state import STEPS, Stage
from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import Canned, started
from tests.pages.inside.reading import equations, press


def test_the_equations_show_the_numbers_of_the_batch(open_page: OpenPage, canned: list[Canned]) -> None:
    text = equations(started(open_page, "images"))

    assert "D(x₁) = 1 ÷ (1 + e −1 ) = 0.731" in text
    assert "−ln 0.731" in text
    assert re.search(r"0\.5 \([^)]*16[^)]*\) \+ 0\.5 \([^)]*16[^)]*\) = 1", text)


def test_the_six_stages_of_a_round_follow_one_by_one(open_page: OpenPage, canned: list[Canned]) -> None:
    at = started(open_page, "text")
    seen = []
    for _ in range(7):
        press(at, "game next_stage")
        current = re.search(r'aria-current="step">(\d) ', " ".join(e.proto.body for e in at.get("html")))
        seen.append(int(current.group(1)) if current else 0)

    assert seen == [STEPS[stage] for stage in (*Stage, Stage.NOISE)]
    told = [
        (method, arguments.get("player"), arguments.get("new")) for method, arguments in canned[0].asked[1:]
    ]
    assert told == [
        ("draw", None, None),
        ("turn", "discriminator", False),
        ("turn", "generator", False),
        ("draw", None, None),
    ]


def test_the_losses_appear_only_at_their_stage(open_page: OpenPage, canned: list[Canned]) -> None:
    at = press(started(open_page, "images"), "game next_stage")
    assert "−ln" not in equations(at)

    press(at, *["game next_stage"] * 3)
    assert "−ln" in equations(at)
