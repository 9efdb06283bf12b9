"""What the page keeps of a contest while its process lives, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import plotly.graph_objects as go
import streamlit as st

from core.errors import LabError
from core.gan_games.rules import Rules
from core.subprocesses import ChildProcess
from pages.parts.shared import experiment

Mode = Literal["still", "play", "slow"]
EVERY: dict[Mode, float] = {"play": 0.15, "slow": 1.25}  # seconds that a frame is looked at
MOST = 200  # points of a curve that are kept
FRESH = 8  # frames after which curves are drawn anew

STAGES = {
    "Noise": "The generator G is given random numbers z, and nothing else.",
    "Fakes": "G makes a sample of each z. It has never seen a real one.",
    "Verdicts": "The discriminator D says of real samples and of fakes how real it finds them.",
    "Losses": "D loses by each real sample that it doubts and each fake that it believes; G, by each of its "
    "fakes that D sees through.",
    "D learns": "D’s weights move a step down the slope of D’s loss; G stands still.",
    "G learns": "The slope of G’s loss comes back through D into G, whose weights move; D stands still.",
}
NOISE, FAKES, VERDICTS, LOSSES, D_LEARNS, G_LEARNS = range(len(STAGES))


@dataclass
class Game:
    """A contest as one visitor sees it."""

    first: ClassVar[str] = "begin"  # the request that begins it
    chunk: ClassVar[int] = 10  # rounds that are played before the page is shown again

    stepper: ChildProcess
    frame: dict[str, Any] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    mode: Mode = "still"
    stage: int | None = None  # place in STAGES; None: the whole round is shown
    todo: int = 0  # rounds that are still to be played without a click
    failure: LabError | None = None
    learnt: list[dict[str, Any]] = field(default_factory=list)  # the turns taken in this round
    past: list[dict[str, float]] = field(default_factory=list)  # what curves are drawn of
    curves: tuple[Any, go.Figure] | None = None  # of what was past, and how it was drawn

    @property
    def milliseconds(self) -> int:
        """How long what is drawn moves from a frame to the next."""
        return int(1000 * EVERY.get(self.mode, 0.25))

    def do(self, method: str, **arguments: Any) -> None:
        """Asks the experiment for a frame. What it could not do is kept, to be said where the page can."""
        try:
            self._take(self.stepper.ask(method, **arguments))
        except LabError as error:
            self.failure, self.mode, self.todo = error, "still", 0

    def turn(self, *players: str) -> None:
        """A turn of each of these players, on one new batch."""
        self.todo = 0
        self._new_round(None)
        for i, player in enumerate(players):
            self.do("turn", player=player, rules=self.rules, new=i == 0)

    def play(self, rounds: int) -> None:
        """So many whole rounds."""
        self._new_round(None)
        self.do("play", rounds=rounds, rules=self.rules)

    def play_on(self, rounds: int) -> None:
        """So many whole rounds, some of them at a time."""
        self.todo = rounds

    def further(self) -> None:
        """The next of the rounds that are to be played."""
        if self.todo:
            rounds = min(self.chunk, self.todo)
            self.todo -= rounds
            self.play(rounds)

    def reached(self, stage: int) -> bool:
        """Whether what belongs to this stage is to be seen."""
        return self.stage is None or self.stage >= stage

    def advance(self) -> None:
        """One stage on; behind the last comes the first of the next round."""
        self.todo = 0
        if self.stage in (None, G_LEARNS):
            self._new_round(NOISE)
            self.do("draw", rules=self.rules)
            return
        self.stage += 1
        if self.stage >= D_LEARNS:
            player = "discriminator" if self.stage == D_LEARNS else "generator"
            self.do("turn", player=player, rules=self.rules, new=False)

    def begin(self, **arguments: Any) -> None:
        """From the start again."""
        self.past.clear()
        self._new_round(None)
        self.mode, self.todo = "still", 0
        self.do(self.first, **arguments)

    def tick(self, rounds: int) -> None:
        """What the clock asks for."""
        if self.mode == "play":
            self.play(rounds)
        elif self.mode == "slow":
            self.advance()

    def switch(self, mode: Mode) -> None:
        """Starts playing in this way, or stops it."""
        self.mode, self.todo = "still" if self.mode == mode else mode, 0

    def drawn(self, draw: Callable[[list[dict[str, float]]], go.Figure]) -> go.Figure:
        """The curves of what is past. While it plays they are drawn anew now and then: that costs 15 ms."""
        mark: Any = len(self.past) // FRESH if self.mode == "play" else self.past[-1:]
        if self.curves is None or self.curves[0] != mark:
            self.curves = mark, draw(self.past)
        return self.curves[1]

    def point(self, frame: Mapping[str, Any]) -> dict[str, float]:
        """The numbers of a frame that curves are drawn of."""
        point = {"turns": float(sum(frame["turns"].values()))}
        point |= {name: frame["verdict"][name] for name in ("discriminator_loss", "generator_loss")}
        return point | ({"valid": frame["valid"]} if "valid" in frame else {})

    def _new_round(self, stage: int | None) -> None:
        self.stage = stage
        self.learnt.clear()

    def _take(self, frame: dict[str, Any]) -> None:
        self.frame = frame
        if "turn" in frame:
            self.learnt.append(frame["turn"])
        point = self.point(frame)
        if self.past and self.past[-1]["turns"] == point["turns"]:
            return
        self.past.append(point)
        if len(self.past) > MOST:
            del self.past[1::2]


def started(name: str, label: str, **options: Any) -> ChildProcess | None:
    """The visitor's experiment of that name once it runs; until then a button to start it."""
    before = experiment.start_count()
    stepper = experiment.running(name, label, **options)
    if stepper is not None and experiment.start_count() != before:
        st.rerun()  # without the button
    return stepper


def game(stepper: ChildProcess, first: Mapping[str, Any] | None = None, kind: type[Game] = Game) -> Game:
    """The game that this experiment is about, begun when it is new. One experiment may serve two kinds.

    Raises:
        LabError: when it cannot be begun.
    """
    key = f"contest {stepper.name} {experiment.start_count()}"
    if not isinstance(found := st.session_state.get(key), kind) or type(found) is not kind:
        found = kind(stepper)
        found.begin(**(first or {}))
        if found.failure is not None:
            raise found.failure
        st.session_state[key] = found
    return found


Show = Callable[[Game], None]
