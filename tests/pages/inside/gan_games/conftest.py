"""Play the games of GANs as a visitor does, with an experiment that answers at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.errors import ExperimentError
from core.gan_games.rules import LOSSES, Rules
from core.messages import Progress, message
from pages.parts.shared import experiment
from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import press

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
                | {"classes": np.arange(8) % 4}
                | self.picture
            )
        points = {"fake": (240, 2), "grid": (13, 13, 2), "field": (24, 24), "arrows": (60, 2)}
        frame |= {name: random.normal(size=shape) for name, shape in points.items()}
        return frame | {"good": 0.25, "covered": 3, "modes": 8}


def kinds(answer: Any) -> Any:
    """Return the keys, types and numbers of dimensions in an answer, whatever its sizes and values.

    The tests of the experiments compare their answers with the canned ones by this.
    """
    if isinstance(answer, dict):
        return {key: kinds(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [kinds(answer[0])]
    if isinstance(answer, tuple):
        return tuple(map(kinds, answer))
    if isinstance(answer, np.ndarray):
        return answer.ndim
    return "number" if isinstance(answer, int | float | np.number) else type(answer)


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> list[Canned]:
    """Return the experiments that the page starts."""
    begun: list[Canned] = []

    def start(name: str, options: dict[str, Any], **limits: object) -> Canned:
        begun.append(Canned(name, options))
        return begun[-1]

    monkeypatch.setattr(experiment, "ChildProcess", start)
    return begun


def started(open_page: OpenPage, view: str, **query: str) -> AppTest:
    return press(open_page("inside", **PART, contest=view, **query), STARTS[view])
