"""What is said of a glyph, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from core.inference.picture_reading import DIGITS, Verdict


def in_short(verdict: Verdict, classes: Sequence[str]) -> str:
    """The verdict of a network that tells these classes apart."""
    unknown = "looks like no digit" if tuple(classes) == DIGITS else "looks like nothing it knows"
    return {Verdict.READ: "read", Verdict.UNSURE: "not sure", Verdict.UNKNOWN: unknown}[verdict]


def with_probability(verdict: Verdict, probability: float, classes: Sequence[str]) -> str:
    """The same of a glyph whose likeliest class has that probability, with it where it means something."""
    return {
        Verdict.READ: f"{probability:.1%} sure",
        Verdict.UNSURE: f"not sure: {probability:.0%}",
        Verdict.UNKNOWN: in_short(Verdict.UNKNOWN, classes),
    }[verdict]
