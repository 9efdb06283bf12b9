"""Define the rules of a game between a generator and a discriminator, and the names of its losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import ConfigError
from core.language import N_, join
from core.messages import Message

MAX_TURNS = 10  # of one player in one round
MIN_LEARNING_RATE, MAX_LEARNING_RATE = 1e-6, 0.5

LOSSES = {
    "minimax": N_("Minimax"),
    "non-saturating": N_("Non-saturating"),
    "least-squares": N_("Least squares"),
    "wasserstein": N_("Wasserstein, with gradient penalty"),
}
LABELS = {
    "discriminator_turns": N_("Turns of D"),
    "generator_turns": N_("Turns of G"),
    "discriminator_learning_rate": N_("Learning rate of D"),
    "generator_learning_rate": N_("Learning rate of G"),
    "penalty": N_("Penalty"),
}
PENALTIES = dict.fromkeys(LOSSES, 0.0) | {"wasserstein": 0.1}  # weight of the penalty of each loss
LOGISTIC = ("minimax", "non-saturating")  # with these losses D(x) is a probability: the sigmoid of the logit


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Settings that may change during a game.

    Raises:
        ConfigError: when a value is of the wrong type or out of range.
    """

    loss: str = "non-saturating"
    discriminator_turns: int = 1  # k_D, in each round
    generator_turns: int = 1  # k_G
    discriminator_learning_rate: float = 0.001
    generator_learning_rate: float = 0.001
    penalty: float = 0.0  # weight of R1, or of the Wasserstein loss's gradient penalty

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise ConfigError("gan_games.loss", known=join(LOSSES), value=str(self.loss)[:40])
        for name in ("discriminator_turns", "generator_turns"):
            _check_range(name, getattr(self, name), int, 0, MAX_TURNS)
        for name in ("discriminator_learning_rate", "generator_learning_rate"):
            _check_range(name, getattr(self, name), (int, float), MIN_LEARNING_RATE, MAX_LEARNING_RATE)
        _check_range("penalty", self.penalty, (int, float), 0, 1000)


def realness(loss: str, logits: np.ndarray) -> np.ndarray:
    """Return the realness of samples, from 0 (fake) to 1 (real), as the discriminator's loss defines it.

    For the logistic losses this is the sigmoid of the logit; for least squares, whose targets are 0 and 1,
    the clipped logit; for Wasserstein, whose critic has no scale, the position between the lowest and the
    highest logit.
    """
    logits = np.asarray(logits, float)
    if loss in LOGISTIC:
        return np.exp(-np.logaddexp(0, -logits))
    if loss == "wasserstein":
        span = np.ptp(logits)
        return (logits - logits.min()) / span if span else np.full_like(logits, 0.5)
    return np.clip(logits, 0, 1)


def _check_range(name: str, value: Any, kind: Any, low: float, high: float) -> None:
    # NaN fails every comparison, so it is refused.
    if isinstance(value, bool) or not isinstance(value, kind) or not low <= value <= high:
        raise ConfigError(
            "gan_games.range", name=Message(LABELS[name]), low=low, high=high, value=str(value)[:40]
        )
