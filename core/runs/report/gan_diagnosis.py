"""How a GAN fares, in words: who is winning, and what the generator has forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.contract.events import Census
from core.runs.report.history import History

WON = 0.05  # a discriminator whose loss stays below this learns nothing and teaches nothing
STEPS = 300  # for so many steps
_ABSENT = 0.25  # of its share of the samples, below which a class counts as not drawn


@dataclass(frozen=True)
class Finding:
    """A sentence, and whether it is good news."""

    kind: Literal["good", "open", "bad"]
    text: str


def diagnose(history: History, classes: Sequence[str], conditional: bool) -> list[Finding]:
    """What the figures of the last steps and the latest census say; nothing before there are any."""
    found = [_players(history)] if len(history.by_step.get("d_real", ())) >= STEPS else []
    if history.censuses:
        found.append(_drawings(history.censuses, classes, conditional))
    return found


def entropy(counts: Sequence[int]) -> float:
    """The entropy of a histogram, in bits; the logarithm of its length when all counts are equal."""
    shares = np.asarray(counts, float) / max(1, sum(counts))
    shares = shares[shares > 0]
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def steps_won(discriminator_loss: Sequence[float]) -> int:
    """For how many steps, up to the last, the discriminator's loss has been below ``WON``."""
    lost = np.flatnonzero(~(np.asarray(discriminator_loss) < WON))
    return len(discriminator_loss) - (int(lost[-1]) + 1 if len(lost) else 0)


def _players(history: History) -> Finding:
    won = steps_won(history.by_step["discriminator_loss"])
    if won >= STEPS:
        return Finding(
            "bad",
            f"The discriminator has won: its loss has been below {WON} for {won:,} steps, so it tells the "
            "generator nothing to go by. Try again with a lower learning rate for the discriminator.",
        )
    real, fake = (float(np.mean(history.by_step[name][-STEPS:])) for name in ("d_real", "d_fake"))
    figures = f"D(x) {real:.2f} and D(G(z)) {fake:.2f} over the last {STEPS} steps"
    if real - fake < 0.1:
        return Finding("open", f"The discriminator hardly tells real from generated images: {figures}.")
    if real - fake > 0.9:
        return Finding("open", f"The discriminator is far ahead of the generator: {figures}.")
    return Finding("good", f"Both players are in the game: {figures}.")


def _drawings(censuses: Sequence[Census], classes: Sequence[str], conditional: bool) -> Finding:
    census = censuses[-1]
    of = f"of {census.samples} fresh images"
    if census.unknown > census.samples / 2:
        return Finding(
            "open",
            f"The generator does not draw clearly yet: {of}, {census.unknown} look like no class to the "
            f"{census.judge}.",
        )
    missing = [k for k in range(len(classes)) if _is_absent(census, k)]
    if missing:
        forgotten = [k for k in missing if any(not _is_absent(earlier, k) for earlier in censuses[:-1])]
        told, verb = (forgotten, "has forgotten") if forgotten else (missing, "does not draw")
        seen = _listed([str(census.seen[k]) for k in told])
        return Finding(
            "bad",
            f"Your generator {verb} {_listed([classes[k] for k in told])}: {of}, the {census.judge} sees "
            f"{seen} there.",
        )
    spread = f"entropy {entropy(census.seen):.2f} of {np.log2(len(classes)):.2f} bits"
    right = f"; {sum(census.right)} are read as the class that was asked for" if conditional else ""
    return Finding("good", f"The generator draws every class: {of}, {spread}{right}.")


def _is_absent(census: Census, k: int) -> bool:
    return k >= len(census.seen) or census.seen[k] < _ABSENT * census.samples / len(census.seen)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
