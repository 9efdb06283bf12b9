"""What the contests over points, images and texts have in common: requests, and what is answered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from core.gan_games.rules import Rules
from core.lab.experiments.gan_games.gan_game import Contest

Progress = Callable[[str, float], None]


class Match(ABC):
    """A contest as an experiment: each request is answered with a frame to draw."""

    contest: Contest

    def play(self, rounds: int, rules: Rules) -> dict[str, Any]:
        """So many rounds by these rules; the frame after them.

        Raises:
            LabError: when the players' weights are lost.
        """
        self.contest.rules = rules
        self.contest.play(rounds)
        return self.frame()

    def turn(self, player: str, rules: Rules, *, new: bool = True) -> dict[str, Any]:
        """One update of the "discriminator" or the "generator", on a new batch or the one in hand.

        The frame after it also has the turn: see ``Contest.turn``.
        """
        self.contest.rules = rules
        if new:
            self.contest.draw()
        turn = self.contest.turn(player)
        return {**self.frame(), "turn": turn}

    def draw(self, rules: Rules) -> dict[str, Any]:
        """The next batch, of which nobody has learnt yet; its frame."""
        self.contest.rules = rules
        self.contest.draw()
        return self.frame()

    @abstractmethod
    def frame(self) -> dict[str, Any]:
        """What is to be seen: the batch in hand, and whatever else."""

    def _counts(self) -> dict[str, Any]:
        return {"rounds": self.contest.rounds, "turns": dict(self.contest.turns)}

    def _warm_up(self, progress: Progress) -> None:
        """Compiles what a visitor would else wait for, and goes back."""
        before, rules = self.contest.state(), self.contest.rules
        progress("Compiling the verdict", 0.86)
        self.frame()
        for player, share in (("discriminator", 0.89), ("generator", 0.92)):
            progress(f"Compiling the {player}’s turn", share)
            self.turn(player, rules)
        progress("Compiling a round", 0.95)
        self.play(1, rules)
        self.contest.restore(before)
