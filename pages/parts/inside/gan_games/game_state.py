"""Keep a GAN game for as long as its process lives, and do what its buttons ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, ClassVar, Literal

import streamlit as st

from core.errors import LabError
from core.figures.figure import Figure
from core.gan_games.rules import Rules
from core.language import N_
from core.subprocesses import ChildProcess
from pages.parts.shared import experiment

Mode = Literal["still", "play", "slow"]
SECONDS: dict[Mode, float] = {"play": 0.15, "slow": 1.25}  # for which a frame is shown
MAX_POINTS = 200  # of a curve
REDRAWN_AFTER = 8  # frames, while the game plays


class Stage(IntEnum):
    """A stage of a round, in order."""

    NOISE = 0
    FAKES = 1
    OUTPUTS = 2
    LOSSES = 3
    D_LEARNS = 4
    G_LEARNS = 5


STAGE_TITLES = {
    Stage.NOISE: N_("Noise"),
    Stage.FAKES: N_("Fakes"),
    Stage.OUTPUTS: N_("Outputs of D"),
    Stage.LOSSES: N_("Losses"),
    Stage.D_LEARNS: N_("D learns"),
    Stage.G_LEARNS: N_("G learns"),
}
STEPS = {
    Stage.NOISE: 2,
    Stage.FAKES: 2,
    Stage.OUTPUTS: 3,
    Stage.LOSSES: 4,
    Stage.D_LEARNS: 5,
    Stage.G_LEARNS: 5,
}
"""The steps of a training, of which the first initialises and the sixth repeats, by stage."""
STAGE_TEXTS = {
    Stage.NOISE: N_("The generator G gets random numbers z and nothing else."),
    Stage.FAKES: N_("G makes one sample from each z. It has never seen a real one."),
    Stage.OUTPUTS: N_("The discriminator D rates how real each real sample and each fake looks."),
    Stage.LOSSES: N_(
        "D’s loss grows with every real sample that it rates as fake and every fake that it rates as real; "
        "G’s loss grows with every fake that D recognises."
    ),
    Stage.D_LEARNS: N_("D’s weights move one step down the gradient of D’s loss; G’s weights do not change."),
    Stage.G_LEARNS: N_(
        "The gradient of G’s loss flows back through D into G, whose weights move one step; D’s weights do "
        "not change."
    ),
}


@dataclass
class Game:
    """A game as one visitor sees it."""

    beginning: ClassVar[str] = "begin"  # the request that begins it
    rounds_per_request: ClassVar[int] = 10  # so that the page is shown in between

    process: ChildProcess
    frame: dict[str, Any] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    mode: Mode = "still"
    stage: Stage | None = None  # None: the whole round is shown
    queued: int = 0  # rounds that are still to be played without a click
    failure: LabError | None = None
    updates: list[dict[str, Any]] = field(default_factory=list)  # the turns taken in this round
    past: list[dict[str, float]] = field(default_factory=list)  # the points of the curves
    curves: tuple[Any, Figure] | None = None  # the state of ``past`` that was drawn, and its figure

    @property
    def milliseconds(self) -> int:
        """How long drawn points move from a frame to the next."""
        return int(1000 * SECONDS.get(self.mode, 0.25))

    def request(self, method: str, **arguments: Any) -> None:
        """Ask the process for a frame; keep an error until the page can show it."""
        try:
            self._take(self.process.ask(method, **arguments))
        except LabError as error:
            self.failure, self.mode, self.queued = error, "still", 0

    def turn(self, *players: str) -> None:
        """Let each of these players learn once, on one new batch."""
        self.queued = 0
        self._begin_round(None)
        for i, player in enumerate(players):
            self.request("turn", player=player, rules=self.rules, new=i == 0)

    def play(self, rounds: int) -> None:
        """Play this number of whole rounds."""
        self._begin_round(None)
        self.request("play", rounds=rounds, rules=self.rules)

    def queue(self, rounds: int) -> None:
        """Plan this number of rounds, to be played a few at a time."""
        self.queued = rounds

    def play_queued(self) -> None:
        """Play the next of the planned rounds."""
        if self.queued:
            rounds = min(self.rounds_per_request, self.queued)
            self.queued -= rounds
            self.play(rounds)

    def reached(self, stage: Stage) -> bool:
        """Return whether what belongs to this stage is shown."""
        return self.stage is None or self.stage >= stage

    def advance(self) -> None:
        """Go on by one stage; the first of the next round follows the last."""
        self.queued = 0
        if self.stage in (None, Stage.G_LEARNS):
            self._begin_round(Stage.NOISE)
            self.request("draw", rules=self.rules)
            return
        self.stage = Stage(self.stage + 1)
        if self.stage >= Stage.D_LEARNS:
            player = "discriminator" if self.stage == Stage.D_LEARNS else "generator"
            self.request("turn", player=player, rules=self.rules, new=False)

    def begin(self, **arguments: Any) -> None:
        """Start again from the beginning."""
        self.past.clear()
        self._begin_round(None)
        self.mode, self.queued = "still", 0
        self.request(self.beginning, **arguments)

    def tick(self, rounds: int) -> None:
        """Go on as the mode says: by rounds, by a stage, or not at all."""
        if self.mode == "play":
            self.play(rounds)
        elif self.mode == "slow":
            self.advance()

    def switch(self, mode: Mode) -> None:
        """Start to play in this mode, or stop if the game plays in it."""
        self.mode, self.queued = "still" if self.mode == mode else mode, 0

    def figure(self, draw: Callable[[list[dict[str, float]]], Figure]) -> Figure:
        """Return the curves of the past; while the game plays, redraw them only now and then (15 ms each)."""
        mark: Any = len(self.past) // REDRAWN_AFTER if self.mode == "play" else self.past[-1:]
        if self.curves is None or self.curves[0] != mark:
            self.curves = mark, draw(self.past)
        return self.curves[1]

    def point(self, frame: Mapping[str, Any]) -> dict[str, float]:
        """Return the numbers of a frame that the curves show."""
        point = {"turns": float(sum(frame["turns"].values()))}
        point |= {name: frame["output"][name] for name in ("discriminator_loss", "generator_loss")}
        return point | ({"valid": frame["valid"]} if "valid" in frame else {})

    def _begin_round(self, stage: Stage | None) -> None:
        self.stage = stage
        self.updates.clear()

    def _take(self, frame: dict[str, Any]) -> None:
        self.frame = frame
        if "turn" in frame:
            self.updates.append(frame["turn"])
        point = self.point(frame)
        if self.past and self.past[-1]["turns"] == point["turns"]:
            return
        self.past.append(point)
        if len(self.past) > MAX_POINTS:
            del self.past[1::2]


Draw = Callable[[Game], None]


def running(name: str, label: str, **options: Any) -> ChildProcess | None:
    """Return the visitor's experiment of that name once it runs; until then show a button that starts it."""
    before = experiment.start_count()
    process = experiment.running(name, label, **options)
    if process is not None and experiment.start_count() != before:
        st.rerun()  # without the button
    return process


def game_of(
    process: ChildProcess, arguments: Mapping[str, Any] | None = None, kind: type[Game] = Game
) -> Game:
    """Return the game that this process plays, begun with the arguments if it is new.

    One process can play games of two kinds, one after the other.

    Raises:
        LabError: when it cannot be begun.
    """
    key = f"game {process.name} {experiment.start_count()}"
    if not isinstance(found := st.session_state.get(key), kind) or type(found) is not kind:
        found = kind(process)
        found.begin(**(arguments or {}))
        if found.failure is not None:
            raise found.failure
        st.session_state[key] = found
    return found
