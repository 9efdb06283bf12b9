"""Several modules: the games of GANs as a visitor plays them, with an experiment that answers at once."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.errors import ExperimentError
from core.gan_games import equation_grammar, point_sets
from core.gan_games.rules import LOSSES, Rules
from core.language import gettext
from core.messages import Progress, message
from pages.parts.components.point_plane import LAYERS
from pages.parts.inside.gan_games.plane_game import QUALITY
from pages.parts.inside.gan_games.weight_updates import SENTENCES
from pages.parts.inside.picture_choice import EXAMPLE, example
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import escape_markdown
from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import equations, press
from tests.pages.looks import as_shown, numbers

PART = {"part": "contest"}
STARTS = {
    "images": "start gan_game_images",
    "plane": "start gan_game_plane",
    "losses": "start gan_game_plane",
    "text": "start gan_game_text",
}
LOST = str(message("lab.players_lost"))
PLAYERS = ("discriminator", "generator")


class Canned:
    """An experiment that answers at once with numbers of the right shapes, and keeps its requests."""

    def __init__(self, name: str, options: dict[str, Any], **limits: object) -> None:
        self.name, self.options, self.alive = name, options, True
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.turns = dict.fromkeys(PLAYERS, 0)
        self.refuse = ""
        self.picture: dict[str, Any] = {}

    def wait(self, progress: Progress) -> None:
        progress(message("subprocesses.loading"), 1.0)

    def close(self) -> None:
        self.alive = False

    def ended(self) -> ExperimentError:
        return ExperimentError("subprocesses.ended")

    def ask(self, method: str, **arguments: Any) -> Any:
        self.asked.append((method, arguments))
        if not self.alive:
            raise self.ended()
        if self.refuse:
            raise ExperimentError(self.refuse)
        return getattr(self, method)(**arguments)

    def begin(self, **arguments: Any) -> dict[str, Any]:
        self.turns = dict.fromkeys(PLAYERS, 0)
        return self.frame()

    def show_picture(self, image: np.ndarray, label: int) -> dict[str, Any]:
        self.picture = {
            "picture": image,
            "picture_gradients": np.ones_like(image),
            "picture_logit": label - 3.0,
        }
        return self.frame()

    def draw(self, rules: Rules) -> dict[str, Any]:
        return self.frame()

    def play(self, rounds: int, rules: Rules) -> dict[str, Any]:
        self.turns = {name: turns + rounds for name, turns in self.turns.items()}
        return self.frame()

    def turn(self, player: str, rules: Rules, new: bool) -> dict[str, Any]:
        self.turns[player] += 1
        layers = {"layers": ["first", "last"], "gradients": np.ones(2), "updates": np.ones(2)}
        return {**self.frame(), "turn": {"player": player, "before": 1.5, "after": 1.25, **layers}}

    def begin_race(self, **arguments: Any) -> dict[str, Any]:
        return {loss: self.begin() for loss in LOSSES}

    def race(self, rounds: int, rules: Rules) -> dict[str, Any]:
        frame = self.play(rounds, rules)
        return {**dict.fromkeys(LOSSES, frame), "minimax": {"lost": LOST}}

    def frame(self) -> dict[str, Any]:
        random = np.random.default_rng(sum(self.turns.values()))
        logits = {f"{kind}_logits": np.full(16, value) for kind, value in (("real", 1.0), ("fake", -2.0))}
        losses = {f"{kind}_losses": np.full(16, 0.5) for kind in ("real", "fake", "generator")}
        totals = {"penalty": 0.0, "discriminator_loss": 1.0, "generator_loss": 0.5}
        frame = {"turns": dict(self.turns), "rounds": 0, "output": {**logits, **losses, **totals}}
        frame["noise"] = random.normal(size=(8, 64))
        if self.name == "gan_game_text":
            frame |= {"fake": ["3+4=8"] * 8, "real": ["3+4=7"] * 8, "preferred_changes": [(4, "7", 0.25)] * 8}
            return frame | {"valid": 0.5, "distinct": 30, "new": 2}
        if self.name == "gan_game_images":
            names = ("fake", "real", "fake_gradients", "real_gradients")
            return (
                frame
                | {name: random.uniform(size=(8, 28, 28, 1)) for name in names}
                | {"classes": np.arange(8)}
                | self.picture
            )
        points = {"fake": (240, 2), "grid": (13, 13, 2), "field": (24, 24), "arrows": (60, 2)}
        frame |= {name: random.normal(size=shape) for name, shape in points.items()}
        return frame | {"good": 0.25, "covered": 3, "modes": 8}


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> list[Canned]:
    """Return the experiments that the page starts."""
    begun: list[Canned] = []

    def start(name: str, options: dict[str, Any], **limits: object) -> Canned:
        begun.append(Canned(name, options))
        return begun[-1]

    monkeypatch.setattr(experiment, "ChildProcess", start)
    return begun


def _updates(at: AppTest) -> list[str]:
    """Return the sentences about the turns of this round, without tags."""
    bodies = [element.proto.body for element in at.get("html")]
    shown = [re.search(r"</style><div>(.*?)</div><table class=.updates", body) for body in bodies]
    return [re.sub("<[^>]+>", "", found.group(1)) for found in shown if found]


def _started(open_page: OpenPage, view: str, **query: str) -> AppTest:
    return press(open_page("inside", **PART, contest=view, **query), STARTS[view])


@pytest.mark.parametrize("view", STARTS)
def test_a_game_starts_and_plays_only_when_asked(
    open_page: OpenPage, canned: list[Canned], view: str
) -> None:
    at = open_page("inside", **PART, contest=view)
    assert not canned

    press(at, STARTS[view], "game ten_rounds")
    rounds = [arguments["rounds"] for method, arguments in canned[0].asked if method in ("play", "race")]
    assert sum(rounds) == 10
    assert max(rounds) == (3 if view == "images" else 10)  # so that the page answers at once
    assert not at.error


def test_the_discriminator_sees_the_visitors_picture_too(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _started(open_page, "images")
    told = next(arguments for method, arguments in canned[0].asked if method == "show_picture")
    assert told["label"] == EXAMPLE
    np.testing.assert_allclose(told["image"][..., 0], example(EXAMPLE) / 255, atol=1e-6)
    assert re.search(r"D\(x\) 0.50", equations(at))

    at.selectbox(key="inside label").set_value("5").run()
    assert re.search(r"D\(x\) 0.88", equations(at))


def test_the_button_of_a_player_trains_it_and_shows_the_change_of_its_loss(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = press(_started(open_page, "images"), "game train_d")

    assert canned[0].asked[-1] == ("turn", {"player": "discriminator", "rules": Rules(), "new": True})
    assert _updates(at) == [SENTENCES["discriminator"].format(before="1.5", after="1.25")]
    press(at, "game train_g", "game train_both")
    assert _updates(at) == [SENTENCES[player].format(before="1.5", after="1.25") for player in PLAYERS]
    players = [arguments["player"] for method, arguments in canned[0].asked if method == "turn"]
    assert players == ["discriminator", "generator", "discriminator", "generator"]


def test_the_equations_show_the_numbers_of_the_batch(open_page: OpenPage, canned: list[Canned]) -> None:
    text = equations(_started(open_page, "images"))

    assert "D(x₁) = 1 ÷ (1 + e −1 ) = 0.731" in text
    assert "−ln 0.731" in text
    assert re.search(r"0\.5 \([^)]*16[^)]*\) \+ 0\.5 \([^)]*16[^)]*\) = 1", text)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("minimax", "ln(1 − 0.119)"),
        ("least-squares", "½ (−2 − 1)²"),
        ("wasserstein", "0.1 × 0 ("),
    ],
)
def test_each_loss_has_its_own_equation(
    open_page: OpenPage, canned: list[Canned], loss: str, expected: str
) -> None:
    at = open_page("inside", **PART, contest="plane")
    at.selectbox(key="inside loss").set_value(loss).run()

    assert expected in equations(press(at, STARTS["plane"]))


def test_the_six_stages_of_a_round_follow_one_by_one(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _started(open_page, "text")
    seen = []
    for _ in range(7):
        press(at, "game next_stage")
        current = re.search(r'aria-current="step">(\d) ', " ".join(e.proto.body for e in at.get("html")))
        seen.append(int(current.group(1)) if current else 0)

    assert seen == [1, 2, 3, 4, 5, 6, 1]
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
    at = press(_started(open_page, "images"), "game next_stage")
    assert "−ln" not in equations(at)

    press(at, *["game next_stage"] * 3)
    assert "−ln" in equations(at)


def test_the_game_follows_the_rules_in_the_link(open_page: OpenPage, canned: list[Canned]) -> None:
    link = {
        "kd": "3",
        "kg": "2",
        "dlr": "0.002",
        "glr": "0.0005",
        "loss": "least-squares",
        "points": "grid25",
    }
    at = press(_started(open_page, "plane", **link, speed="20"), "game play")

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
    at = _started(open_page, "plane")
    at.number_input(key="kd").set_value(3).run()
    at.number_input(key="glr").set_value(0.002).run()
    at.selectbox(key="inside loss").set_value("wasserstein").run()
    press(at, "game ten_rounds")

    rules = canned[0].asked[-1][1]["rules"]
    assert rules == Rules(
        loss="wasserstein", discriminator_turns=3, generator_learning_rate=0.002, penalty=0.1
    )


def test_play_continues_at_every_frame_until_it_is_paused(open_page: OpenPage, canned: list[Canned]) -> None:
    at = press(_started(open_page, "plane"), "game play")
    assert at.button(key="game train_d").disabled
    before = len(canned[0].asked)

    at.run()  # as the clock does
    assert len(canned[0].asked) > before
    press(at, "game play")
    before = len(canned[0].asked)
    at.run()
    assert len(canned[0].asked) == before


def test_the_slow_game_shows_one_stage_after_another(open_page: OpenPage, canned: list[Canned]) -> None:
    at = press(_started(open_page, "text"), "game slow")
    for _ in range(6):  # as the clock does
        at.run()

    told = [arguments["player"] for method, arguments in canned[0].asked if method == "turn"]
    assert told[:2] == ["discriminator", "generator"]
    assert at.button(key="game next_stage").disabled
    press(at, "game slow")
    assert not at.button(key="game next_stage").disabled


def test_other_points_or_another_seed_start_the_game_again(open_page: OpenPage, canned: list[Canned]) -> None:
    at = press(_started(open_page, "plane"), "game ten_rounds")
    at.selectbox(key="inside points").set_value("grid25").run()
    at.number_input(key="seed").set_value(4).run()

    begun = [arguments for method, arguments in canned[0].asked if method == "begin"]
    assert [(b["points"], b["seed"]) for b in begun] == [("ring8", 0), ("grid25", 0), ("grid25", 4)]


def test_drawn_points_come_from_the_link(open_page: OpenPage, canned: list[Canned]) -> None:
    cells = np.zeros((32, 32), bool)
    cells[5, 5:9] = True
    code = point_sets.to_code(cells)
    at = open_page("inside", **PART, contest="plane", cells=code)
    at.selectbox(key="inside points").set_value("drawn").run()
    press(at, STARTS["plane"])

    assert canned[0].asked[0][1]["drawing"] == code


@pytest.mark.parametrize("link", [{"points": "spiral"}, {"loss": "hope"}])
def test_an_unknown_choice_in_a_link_shows_a_note_and_the_default_is_used(
    open_page: OpenPage, canned: list[Canned], link: dict[str, str]
) -> None:
    at = open_page("inside", **PART, contest="plane", **link)
    assert f"“{escape_markdown(next(iter(link.values())))}”" in at.info[0].value

    press(at, STARTS["plane"])
    assert canned[0].asked[0][1]["points"] == "ring8"


@pytest.mark.parametrize(
    "link", [{"kd": "99"}, {"dlr": "fast"}, {"glr": "-1"}, {"seed": "x"}, {"speed": "7"}]
)
def test_an_invalid_number_in_the_link_leaves_the_default(
    open_page: OpenPage, canned: list[Canned], link: dict[str, str]
) -> None:
    at = press(_started(open_page, "plane", **link), "game ten_rounds")

    assert canned[0].asked[-1][1]["rules"] == Rules()
    assert not at.error


@pytest.mark.parametrize("code", ["", "x"])
def test_without_drawn_points_the_page_shows_a_hint(
    open_page: OpenPage, canned: list[Canned], code: str
) -> None:
    at = open_page("inside", **PART, contest="plane", cells=code)
    at.selectbox(key="inside points").set_value("drawn").run()

    assert len(at.info) == 1
    assert not at.exception


def test_a_game_whose_weights_are_lost_shows_a_warning_beside_the_others(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = press(_started(open_page, "losses"), "game ten_rounds")

    assert as_shown(LOST) in at.warning[0].value
    covered = gettext(QUALITY["modes"], covered=3, count=8, good=0.25)
    assert [covered in caption.value for caption in at.caption].count(True) == 3


def test_a_game_can_start_with_a_trained_generator(open_page: OpenPage, canned: list[Canned]) -> None:
    at = open_page("inside", **PART, contest="images")
    at.selectbox(key="inside begin").set_value("dcgan").run()
    press(at, STARTS["images"])

    assert canned[0].options["dataset"] == "mnist"
    assert canned[0].options["bundle"].endswith("dcgan")


def test_texts_are_checked_and_counted(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _started(open_page, "text")

    assert "3+4= 8 ✗" in equations(at)
    assert re.search(r"3\+4= 8 ✗ \S+ 7 \D+ 5 3\+4=7", equations(at))
    assert [numbers(metric.value) for metric in at.metric][:3] == [["50", "0"], ["30", "110"], ["2", "22"]]
    assert f"{equation_grammar.chance()[1]:.1%}" in " ".join(caption.value for caption in at.caption)


def test_an_error_of_the_experiment_is_shown_and_the_buttons_stay(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = _started(open_page, "plane")
    canned[0].refuse = "lab.players_lost"
    press(at, "game ten_rounds")

    assert at.error[0].value == as_shown(LOST)
    canned[0].refuse = ""
    press(at, "game restart")
    assert not at.error


def test_a_game_whose_process_died_can_be_started_again(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _started(open_page, "plane")
    canned[0].alive = False
    press(at, "game train_d")
    assert len(at.warning) == 1

    press(at, STARTS["plane"], "game train_d")
    assert len(canned) == 2
    assert not at.error


def test_the_canvas_shows_the_frame_of_the_experiment(open_page: OpenPage, canned: list[Canned]) -> None:
    at = press(_started(open_page, "plane"), "game train_both")
    canvas = next(
        json.loads(component.proto.json)
        for component in at.get("bidi_component")
        if component.proto.component_name.endswith("plane")
    )

    frame = canned[0].frame()
    np.testing.assert_allclose(canvas["fake"], frame["fake"], atol=1e-3)
    assert len(canvas["grid"]) == canvas["lines"] ** 2
    assert gettext(QUALITY["modes"], covered=3, count=8, good=0.25) in canvas["alt"]


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


def _layers(at: AppTest) -> list[str]:
    """Return the ids of the layers that the canvas draws."""
    canvas = next(c for c in at.get("bidi_component") if c.proto.component_name.endswith("plane"))
    return [name for name, shown in json.loads(canvas.proto.json)["show"].items() if shown]


@pytest.mark.parametrize(
    ("linked", "shown"), [("Field", ["field"]), ("arrows", ["arrows"]), ("", []), (None, list(LAYERS))]
)
def test_a_link_names_layers_by_id_and_older_links_by_label(
    open_page: OpenPage, canned: list[Canned], linked: str | None, shown: list[str]
) -> None:
    link = {} if linked is None else {"layers": linked}
    at = _started(open_page, "plane", **link)
    assert _layers(at) == at.session_state["layers"] == shown

    at.button_group(key="layers").set_value(["grid", "field"]).run()
    assert _layers(at) == at.query_params["layers"] == ["grid", "field"]
