from __future__ import annotations

from core.figures import gan_games
from tests.figures.checked import checked

losses, shares = checked(gan_games.losses), checked(gan_games.shares)

PAST = [
    {"turns": 0.0, "discriminator_loss": 1.4, "generator_loss": 0.7, "valid": 0.0},
    {"turns": 20.0, "discriminator_loss": 1.2, "generator_loss": 0.9, "valid": 0.25},
]


def test_both_losses_are_drawn_by_turn_and_differ_in_more_than_colour() -> None:
    figure = losses(PAST)

    assert [(line.name, list(line.x), list(line.y)) for line in figure.data] == [
        ("Loss of D", [0, 20], [1.4, 1.2]),
        ("Loss of G", [0, 20], [0.7, 0.9]),
    ]
    assert len({line.line.dash for line in figure.data}) == 2


def test_few_turns_are_numbered_one_by_one() -> None:
    assert [losses(past).layout.xaxis.dtick for past in (PAST[:1], PAST)] == [1, None]


def test_shares_are_drawn_in_per_cent() -> None:
    figure = shares(PAST, {"valid": "Right"}, "Right (%)")

    assert list(figure.data[0].y) == [0, 25]
    assert figure.layout.yaxis.title.text == "Right (%)"


def test_a_game_that_has_not_begun_has_empty_curves() -> None:
    assert [len(line.x) for line in losses([]).data] == [0, 0]
