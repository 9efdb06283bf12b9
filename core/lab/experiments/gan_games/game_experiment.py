"""What the contests over points, images and texts have in common: requests, and what is answered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from core.gan_games.rules import Rules
from core.lab.experiments.gan_games.gan_game import GanGame
from core.messages import Progress, message


class GameExperiment(ABC):
    """A contest as an experiment: each request is answered with a frame to draw."""

    game: GanGame

    def play(self, rounds: int, rules: Rules) -> dict[str, Any]:
        """So many rounds by these rules; the frame after them.

        Raises:
            LabError: when the players' weights are lost.
        """
        self.game.rules = rules
        self.game.play(rounds)
        return self.frame()

    def turn(self, player: str, rules: Rules, *, new: bool = True) -> dict[str, Any]:
        """One update of the "discriminator" or the "generator", on a new batch or the one in hand.

        The frame after it also has the turn: see ``GanGame.turn``.
        """
        self.game.rules = rules
        if new:
            self.game.draw()
        turn = self.game.turn(player)
        return {**self.frame(), "turn": turn}

    def draw(self, rules: Rules) -> dict[str, Any]:
        """The next batch, of which nobody has learnt yet; its frame."""
        self.game.rules = rules
        self.game.draw()
        return self.frame()

    @abstractmethod
    def frame(self) -> dict[str, Any]:
        """What is to be seen: the batch in hand, and whatever else."""

    def _counts(self) -> dict[str, Any]:
        return {"rounds": self.game.rounds, "turns": dict(self.game.turns)}

    def _warm_up(self, progress: Progress) -> None:
        """Compiles what a visitor would else wait for, and goes back."""
        before, rules = self.game.state(), self.game.rules
        progress(message("lab.compiling"), 0.86)
        self.frame()
        for player, share in (("discriminator", 0.89), ("generator", 0.92)):
            progress(message("lab.compiling"), share)
            self.turn(player, rules)
        progress(message("lab.compiling"), 0.95)
        self.play(1, rules)
        self.game.restore(before)
