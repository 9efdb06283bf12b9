"""Define the requests and answers that the games over points, images and texts share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from core.gan_games.rules import Rules
from core.lab.experiments.gan_games.gan_game import GanGame
from core.messages import Progress, message


class GameExperiment(ABC):
    """A game as an experiment: the answer to each request is a frame to draw."""

    game: GanGame

    def play(self, rounds: int, rules: Rules) -> dict[str, Any]:
        """Play ``rounds`` rounds by these rules; return the frame after them.

        Raises:
            LabError: when a weight is no longer a finite number.
        """
        self.game.rules = rules
        self.game.play(rounds)
        return self.frame()

    def turn(self, player: str, rules: Rules, *, new: bool = True) -> dict[str, Any]:
        """Update the "discriminator" or the "generator" once, on a new batch or the current one.

        Return the frame after it, with the result of ``GanGame.turn`` as "turn".
        """
        self.game.rules = rules
        if new:
            self.game.draw()
        turn = self.game.turn(player)
        return {**self.frame(), "turn": turn}

    def draw(self, rules: Rules) -> dict[str, Any]:
        """Take the next batch; return its frame."""
        self.game.rules = rules
        self.game.draw()
        return self.frame()

    @abstractmethod
    def frame(self) -> dict[str, Any]:
        """Return the numbers that the page draws: the current batch and the outputs for it."""

    def _counts(self) -> dict[str, Any]:
        return {"rounds": self.game.rounds, "turns": dict(self.game.turns)}

    def _warm_up(self, progress: Progress) -> None:
        """Run all requests once, so that no visitor waits for compilation, and restore the state."""
        before, rules = self.game.state(), self.game.rules
        progress(message("lab.compiling"), 0.86)
        self.frame()
        for player, share in (("discriminator", 0.89), ("generator", 0.92)):
            progress(message("lab.compiling"), share)
            self.turn(player, rules)
        progress(message("lab.compiling"), 0.95)
        self.play(1, rules)
        self.game.restore(before)
