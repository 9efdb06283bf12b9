from __future__ import annotations

from core.latent.real_or_generated import ROUNDS
from tests.pages.conftest import OpenPage


def test_ten_answers_end_the_game_with_the_score(open_page: OpenPage) -> None:
    at = open_page("generate", part="game", seed="3")
    for _ in range(ROUNDS):
        at.button(key="game 0").click().run()
        at.button(key="game next").click().run()

    assert not at.exception
    score = at.metric[0].value
    assert score.endswith(f"/ {ROUNDS}")
    assert at.header[0].value.startswith(score.split(" /")[0])

    at.button(key="game again").click().run()
    assert at.metric[0].value == "0 / 0"
