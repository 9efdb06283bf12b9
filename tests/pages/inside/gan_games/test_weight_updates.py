from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from core.gan_games.rules import Rules
from pages.parts.inside.gan_games.weight_updates import SENTENCES
from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import PLAYERS, Canned, started
from tests.pages.inside.reading import press


def _updates(at: AppTest) -> list[str]:
    """Return the sentences about the turns of this round, without tags."""
    bodies = [element.proto.body for element in at.get("html")]
    shown = [re.search(r"</style><div>(.*?)</div><table class=.updates", body) for body in bodies]
    return [re.sub("<[^>]+>", "", found.group(1)) for found in shown if found]


def test_the_button_of_a_player_trains_it_and_shows_the_change_of_its_loss(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = press(started(open_page, "images"), "game train_d")

    assert canned[0].asked[-1] == ("turn", {"player": "discriminator", "rules": Rules(), "new": True})
    assert _updates(at) == [SENTENCES["discriminator"].format(before="1.5", after="1.25")]
    press(at, "game train_g", "game train_both")
    assert _updates(at) == [SENTENCES[player].format(before="1.5", after="1.25") for player in PLAYERS]
    players = [arguments["player"] for method, arguments in canned[0].asked if method == "turn"]
    assert players == ["discriminator", "generator", "discriminator", "generator"]
