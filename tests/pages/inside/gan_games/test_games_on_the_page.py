"""Several modules: the games of GANs as a visitor plays them, with an experiment that answers at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.errors import ExperimentError
from core.gan_games import equation_grammar, point_sets
from core.gan_games.rules import LOSSES, Rules
from pages.parts.inside.picture_choice import EXAMPLE, example
from pages.parts.shared import experiment
from tests.pages.conftest import OpenPage

CONTEST = {"part": "Contest"}
STARTS = {
    "On images": "start gan_game_images",
    "In two dimensions": "start gan_game_plane",
    "Cures": "start gan_game_plane",
    "On text": "start gan_game_text",
}
TURNS = {"discriminator": 0, "generator": 0}


class Canned:
    """An experiment that answers with numbers of the right shapes, and notes what it was asked."""

    def __init__(self, name: str, options: dict[str, Any], *, limit: object) -> None:
        self.name, self.options, self.alive = name, options, True
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.turns = dict(TURNS)
        self.refuse = ""
        self.own: dict[str, Any] = {}

    def wait(self, progress: Callable[[str, float], None]) -> None:
        progress("Here already", 1.0)

    def close(self) -> None:
        self.alive = False

    def ask(self, method: str, **arguments: Any) -> Any:
        self.asked.append((method, arguments))
        if not self.alive:
            raise ExperimentError("The experiment's process is gone. Start it again.")
        if self.refuse:
            raise ExperimentError(self.refuse)
        return getattr(self, method)(**arguments)

    def begin(self, **arguments: Any) -> dict[str, Any]:
        self.turns = dict(TURNS)
        return self._frame()

    def look_at(self, image: np.ndarray, label: int) -> dict[str, Any]:
        self.own = {"own": image, "own_slopes": np.ones_like(image), "own_logit": label - 3.0}
        return self._frame()

    def draw(self, rules: Rules) -> dict[str, Any]:
        return self._frame()

    def play(self, rounds: int, rules: Rules) -> dict[str, Any]:
        self.turns = {name: turns + rounds for name, turns in self.turns.items()}
        return self._frame()

    def turn(self, player: str, rules: Rules, new: bool) -> dict[str, Any]:
        self.turns[player] += 1
        layers = {"layers": ["first", "last"], "gradients": np.ones(2), "moves": np.ones(2)}
        return {**self._frame(), "turn": {"player": player, "before": 1.5, "after": 1.25, **layers}}

    def begin_race(self, **arguments: Any) -> dict[str, Any]:
        return {loss: self.begin() for loss in LOSSES}

    def race(self, rounds: int, rules: Rules) -> dict[str, Any]:
        frame = self.play(rounds, rules)
        return {**dict.fromkeys(LOSSES, frame), "minimax": {"lost": "It has come apart."}}

    def _frame(self) -> dict[str, Any]:
        random = np.random.default_rng(sum(self.turns.values()))
        logits = {f"{kind}_logits": np.full(16, value) for kind, value in (("real", 1.0), ("fake", -2.0))}
        losses = {f"{kind}_losses": np.full(16, 0.5) for kind in ("real", "fake", "generator")}
        totals = {"penalty": 0.0, "discriminator_loss": 1.0, "generator_loss": 0.5}
        frame = {"turns": dict(self.turns), "rounds": 0, "verdict": {**logits, **losses, **totals}}
        frame["noise"] = random.normal(size=(8, 64))
        if self.name == "gan_game_text":
            frame |= {"fake": ["3+4=8"] * 8, "real": ["3+4=7"] * 8, "wishes": [(4, "7", 0.25)] * 8}
            return frame | {"valid": 0.5, "distinct": 30, "new": 2}
        if self.name == "gan_game_images":
            names = ("fake", "real", "fake_slopes", "real_slopes")
            return (
                frame
                | {name: random.uniform(size=(8, 28, 28, 1)) for name in names}
                | {"classes": np.arange(8)}
                | self.own
            )
        points = {"fake": (240, 2), "grid": (13, 13, 2), "field": (24, 24), "arrows": (60, 2)}
        frame |= {name: random.normal(size=shape) for name, shape in points.items()}
        return frame | {"good": 0.25, "covered": 3, "modes": 8}


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> list[Canned]:
    """The experiments that the page starts."""
    begun: list[Canned] = []

    def start(name: str, options: dict[str, Any], *, limit: object) -> Canned:
        begun.append(Canned(name, options, limit=limit))
        return begun[-1]

    monkeypatch.setattr(experiment, "ChildProcess", start)
    return begun


def _press(at: AppTest, *keys: str) -> AppTest:
    for key in keys:
        at.button(key=key).click().run()
        assert not at.exception
    return at


def _text(at: AppTest) -> str:
    html = " ".join(element.proto.body for element in at.get("html"))
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.S))


def _started(open_page: OpenPage, view: str, **query: str) -> AppTest:
    return _press(open_page("inside", **CONTEST, contest=view, **query), STARTS[view])


@pytest.mark.parametrize("view", STARTS)
def test_a_view_starts_nothing_by_itself_and_plays_when_asked(
    open_page: OpenPage, canned: list[Canned], view: str
) -> None:
    at = open_page("inside", **CONTEST, contest=view)
    assert not canned

    _press(at, STARTS[view], "contest ×10")
    rounds = [arguments["rounds"] for method, arguments in canned[0].asked if method in ("play", "race")]
    assert sum(rounds) == 10
    assert max(rounds) == (3 if view == "On images" else 10)  # so that the page answers at once
    assert not at.error


def test_the_discriminator_looks_at_the_visitors_picture_too(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = _started(open_page, "On images")
    told = next(arguments for method, arguments in canned[0].asked if method == "look_at")
    assert told["label"] == EXAMPLE
    np.testing.assert_allclose(told["image"][..., 0], example(EXAMPLE) / 255, atol=1e-6)
    assert "Your picture x, D’s wishes for it, and D(x) 0.50" in _text(at)

    at.selectbox(key="contest label").set_value("5").run()
    assert "and D(x) 0.88" in _text(at)


def test_a_step_is_a_turn_of_its_player_and_says_what_it_learnt(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = _press(_started(open_page, "On images"), "contest D step")

    assert canned[0].asked[-1] == ("turn", {"player": "discriminator", "rules": Rules(), "new": True})
    assert "D has learnt: on the same batch its loss went from 1.5 to 1.25" in _text(at)
    _press(at, "contest G step", "contest Both")
    assert "D has learnt" in _text(at)
    assert "G has learnt" in _text(at)
    players = [arguments["player"] for method, arguments in canned[0].asked if method == "turn"]
    assert players == ["discriminator", "generator", "discriminator", "generator"]


def test_the_equations_have_the_numbers_of_the_batch_in_them(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    text = _text(_started(open_page, "On images"))

    assert "D(x₁) = 1 ÷ (1 + e −1 ) = 0.731" in text
    assert "−log 0.731" in text
    assert "0.5 (mean of 16 real) + 0.5 (mean of 16 fakes) = 1" in text


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("minimax", "log(1 − 0.119)"),
        ("least-squares", "½ (−2 − 1)²"),
        ("wasserstein", "0.1 × 0 (penalty on D’s slope)"),
    ],
)
def test_each_loss_has_its_own_equation(
    open_page: OpenPage, canned: list[Canned], loss: str, expected: str
) -> None:
    at = open_page("inside", **CONTEST, contest="In two dimensions")
    at.selectbox(key="contest loss").set_value(loss).run()

    assert expected in _text(_press(at, STARTS["In two dimensions"]))


def test_the_six_stages_are_gone_through_one_by_one(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _started(open_page, "On text")
    seen = []
    for _ in range(7):
        _press(at, "contest Next stage")
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


def test_what_comes_later_is_not_shown_before(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _press(_started(open_page, "On images"), "contest Next stage")
    assert "Loss of D" not in _text(at)

    _press(at, *["contest Next stage"] * 3)
    assert "Loss of D" in _text(at)


def test_the_rules_of_a_link_are_played_by(open_page: OpenPage, canned: list[Canned]) -> None:
    link = {
        "kd": "3",
        "kg": "2",
        "dlr": "0.002",
        "glr": "0.0005",
        "loss": "least-squares",
        "points": "grid25",
    }
    at = _press(_started(open_page, "In two dimensions", **link, speed="20"), "contest play")

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


def test_rules_that_are_changed_under_way_go_to_the_experiment(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = _started(open_page, "In two dimensions")
    at.number_input(key="kd").set_value(3).run()
    at.number_input(key="glr").set_value(0.002).run()
    at.selectbox(key="contest loss").set_value("wasserstein").run()
    _press(at, "contest ×10")

    rules = canned[0].asked[-1][1]["rules"]
    assert rules == Rules(
        loss="wasserstein", discriminator_turns=3, generator_learning_rate=0.002, penalty=0.1
    )


def test_play_goes_on_at_every_frame_until_it_is_paused(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _press(_started(open_page, "In two dimensions"), "contest play")
    assert at.button(key="contest play").label == "Pause"
    assert at.button(key="contest D step").disabled
    before = len(canned[0].asked)

    at.run()  # as the clock does
    assert len(canned[0].asked) > before
    _press(at, "contest play")
    before = len(canned[0].asked)
    at.run()
    assert len(canned[0].asked) == before


def test_slow_goes_through_the_stages_by_the_clock(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _press(_started(open_page, "On text"), "contest slow")
    for _ in range(6):  # as the clock does
        at.run()

    told = [arguments["player"] for method, arguments in canned[0].asked if method == "turn"]
    assert told[:2] == ["discriminator", "generator"]
    assert at.button(key="contest slow").label == "Stop"
    _press(at, "contest slow")
    assert at.button(key="contest slow").label == "Slow"


def test_other_points_or_another_seed_start_anew(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _press(_started(open_page, "In two dimensions"), "contest ×10")
    at.selectbox(key="contest points").set_value("grid25").run()
    at.number_input(key="seed").set_value(4).run()

    begun = [arguments for method, arguments in canned[0].asked if method == "begin"]
    assert [(b["points"], b["seed"]) for b in begun] == [("ring8", 0), ("grid25", 0), ("grid25", 4)]


def test_drawn_points_come_from_the_link(open_page: OpenPage, canned: list[Canned]) -> None:
    cells = np.zeros((32, 32), bool)
    cells[5, 5:9] = True
    code = point_sets.to_code(cells)
    at = open_page("inside", **CONTEST, contest="In two dimensions", cells=code)
    at.selectbox(key="contest points").set_value("drawn").run()
    _press(at, STARTS["In two dimensions"])

    assert canned[0].asked[0][1]["drawing"] == code


@pytest.mark.parametrize("link", [{"points": "spiral"}, {"loss": "hope"}])
def test_a_link_to_what_is_not_there_is_said_so_and_the_first_stands_in(
    open_page: OpenPage, canned: list[Canned], link: dict[str, str]
) -> None:
    at = open_page("inside", **CONTEST, contest="In two dimensions", **link)
    assert f"no {next(iter(link))} named" in at.info[0].value

    _press(at, STARTS["In two dimensions"])
    assert canned[0].asked[0][1]["points"] == "ring8"


@pytest.mark.parametrize(
    "link", [{"kd": "99"}, {"dlr": "fast"}, {"glr": "-1"}, {"seed": "x"}, {"speed": "7"}]
)
def test_a_number_in_the_link_that_cannot_be_leaves_the_usual_one(
    open_page: OpenPage, canned: list[Canned], link: dict[str, str]
) -> None:
    at = _press(_started(open_page, "In two dimensions", **link), "contest ×10")

    assert canned[0].asked[-1][1]["rules"] == Rules()
    assert not at.error


@pytest.mark.parametrize(("code", "sentence"), [("", "Press Draw"), ("x", "damaged")])
def test_without_points_the_page_says_what_to_do(
    open_page: OpenPage, canned: list[Canned], code: str, sentence: str
) -> None:
    at = open_page("inside", **CONTEST, contest="In two dimensions", cells=code)
    at.selectbox(key="contest points").set_value("drawn").run()

    assert sentence in at.info[0].value
    assert not at.exception


def test_a_rival_that_is_lost_says_so_beside_the_others(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _press(_started(open_page, "Cures"), "contest ×10")

    assert "come apart" in at.warning[0].value
    covered = [caption.value for caption in at.caption if "3 of 8 modes covered" in caption.value]
    assert len(covered) == 3


def test_a_finished_generator_can_be_begun_with(open_page: OpenPage, canned: list[Canned]) -> None:
    at = open_page("inside", **CONTEST, contest="On images")
    at.selectbox(key="contest begin").set_value("dcgan").run()
    _press(at, STARTS["On images"])

    assert canned[0].options["dataset"] == "mnist"
    assert canned[0].options["bundle"].endswith("dcgan")


def test_texts_are_marked_and_scored(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _started(open_page, "On text")

    assert "3+4= 8 ✗" in _text(at)
    assert "7 at 5" in _text(at)
    assert [metric.value for metric in at.metric][:3] == ["50.0%", "30 of 110", "2 of 22"]
    assert f"{equation_grammar.chance()[1]:.1%}" in " ".join(caption.value for caption in at.caption)


def test_what_the_experiment_cannot_do_is_said_and_the_buttons_stay(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = _started(open_page, "In two dimensions")
    canned[0].refuse = "The weights are lost. Start anew."
    _press(at, "contest ×10")

    assert "weights are lost" in at.error[0].value.replace("\\", "")
    canned[0].refuse = ""
    _press(at, "contest Start over")
    assert not at.error


def test_a_process_that_dies_mid_step_leaves_a_way_on(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _started(open_page, "In two dimensions")
    canned[0].alive = False
    _press(at, "contest D step")
    assert "gone" in at.warning[0].value

    _press(at, STARTS["In two dimensions"], "contest D step")
    assert len(canned) == 2
    assert not at.error


def test_a_frame_on_the_canvas_is_the_experiments(open_page: OpenPage, canned: list[Canned]) -> None:
    at = _press(_started(open_page, "In two dimensions"), "contest Both")
    canvas = next(
        json.loads(component.proto.json)
        for component in at.get("bidi_component")
        if component.proto.component_name.endswith("plane")
    )

    frame = canned[0]._frame()
    np.testing.assert_allclose(canvas["fake"], frame["fake"], atol=1e-3)
    assert len(canvas["grid"]) == canvas["lines"] ** 2
    assert "3 of 8 modes covered" in canvas["alt"]


@pytest.mark.parametrize(
    ("earlier", "view"),
    [("On images", "images"), ("In two dimensions", "plane"), ("Cures", "losses"), ("On text", "text")],
)
def test_a_link_of_the_version_before_opens_its_game(
    open_page: OpenPage, canned: list[Canned], earlier: str, view: str
) -> None:
    at = open_page("inside", part="Contest", contest=earlier, kd="3")

    assert at.session_state["contest"] == view
    assert at.number_input(key="kd").value == 3
    assert not canned
