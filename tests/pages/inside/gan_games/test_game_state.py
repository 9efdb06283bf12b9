from __future__ import annotations

from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import LOST, STARTS, Canned, started
from tests.pages.inside.reading import press
from tests.pages.looks import as_shown


def test_play_continues_at_every_frame_until_it_is_paused(open_page: OpenPage, canned: list[Canned]) -> None:
    at = press(started(open_page, "plane"), "game play")
    assert at.button(key="game train_d").disabled
    before = len(canned[0].asked)

    at.run()  # as the clock does
    assert len(canned[0].asked) > before
    press(at, "game play")
    before = len(canned[0].asked)
    at.run()
    assert len(canned[0].asked) == before


def test_the_slow_game_shows_one_stage_after_another(open_page: OpenPage, canned: list[Canned]) -> None:
    at = press(started(open_page, "text"), "game slow")
    for _ in range(6):  # as the clock does
        at.run()

    told = [arguments["player"] for method, arguments in canned[0].asked if method == "turn"]
    assert told[:2] == ["discriminator", "generator"]
    assert at.button(key="game next_stage").disabled
    press(at, "game slow")
    assert not at.button(key="game next_stage").disabled


def test_an_error_of_the_experiment_is_shown_and_the_buttons_stay(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = started(open_page, "plane")
    canned[0].refuse = "lab.players_lost"
    press(at, "game ten_rounds")

    assert at.error[0].value == as_shown(LOST)
    canned[0].refuse = ""
    press(at, "game restart")
    assert not at.error


def test_a_game_whose_process_died_can_be_started_again(open_page: OpenPage, canned: list[Canned]) -> None:
    at = started(open_page, "plane")
    canned[0].alive = False
    press(at, "game train_d")
    assert len(at.warning) == 1

    press(at, STARTS["plane"], "game train_d")
    assert len(canned) == 2
    assert not at.error
