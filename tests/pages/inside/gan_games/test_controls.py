from __future__ import annotations

import pytest

from core.gan_games.rules import Rules
from pages.parts.components import once
from pages.parts.inside.gan_games.controls import PLACE
from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import PART, STARTS, Canned, started
from tests.pages.inside.reading import press


@pytest.mark.parametrize("view", STARTS)
def test_a_game_starts_and_plays_only_when_asked_and_its_start_brings_it_into_view(
    open_page: OpenPage, canned: list[Canned], view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(once, "scroll_to", seen.append)
    at = open_page("inside", **PART, contest=view)
    assert not canned
    assert not seen

    press(at, STARTS[view], "game ten_rounds")
    rounds = [arguments["rounds"] for method, arguments in canned[0].asked if method in ("play", "race")]
    assert sum(rounds) == 10
    assert max(rounds) == (3 if view == "images" else 10)  # so that the page answers at once
    assert not at.error
    assert seen == [PLACE]


def test_the_game_follows_the_rules_in_the_link(open_page: OpenPage, canned: list[Canned]) -> None:
    link = {
        "kd": "3",
        "kg": "2",
        "dlr": "0.002",
        "glr": "0.0005",
        "loss": "least-squares",
        "points": "grid25",
    }
    at = press(started(open_page, "plane", **link, speed="20"), "game play")

    assert canned[0].asked[0][1]["points"] == "grid25"
    rules = Rules(
        loss="least-squares",
        discriminator_turns=3,
        generator_turns=2,
        discriminator_learning_rate=0.002,
        generator_learning_rate=0.0005,
    )
    assert canned[0].asked[-1] == ("play", {"rounds": 20, "rules": rules})
    assert not at.error


def test_rules_changed_during_the_game_go_to_the_experiment(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = started(open_page, "plane")
    at.number_input(key="kd").set_value(3).run()
    at.number_input(key="glr").set_value(0.002).run()
    at.selectbox(key="inside loss").set_value("wasserstein").run()
    press(at, "game ten_rounds")

    rules = canned[0].asked[-1][1]["rules"]
    assert rules == Rules(
        loss="wasserstein", discriminator_turns=3, generator_learning_rate=0.002, penalty=0.1
    )


@pytest.mark.parametrize(
    "link", [{"kd": "99"}, {"dlr": "fast"}, {"glr": "-1"}, {"seed": "x"}, {"speed": "7"}]
)
def test_an_invalid_number_in_the_link_leaves_the_default(
    open_page: OpenPage, canned: list[Canned], link: dict[str, str]
) -> None:
    at = press(started(open_page, "plane", **link), "game ten_rounds")

    assert canned[0].asked[-1][1]["rules"] == Rules()
    assert not at.error


@pytest.mark.parametrize(
    ("earlier", "view"),
    [("On images", "images"), ("In two dimensions", "plane"), ("Cures", "losses"), ("On text", "text")],
)
def test_a_link_of_an_older_version_opens_its_game(
    open_page: OpenPage, canned: list[Canned], earlier: str, view: str
) -> None:
    at = open_page("inside", part="Contest", contest=earlier, kd="3")

    assert at.session_state["contest"] == view
    assert at.number_input(key="kd").value == 3
    assert not canned
