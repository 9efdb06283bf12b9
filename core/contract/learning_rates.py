"""Change the learning rates of a running training; a resumed one repeats them at the same steps."""

from __future__ import annotations

import json
import math
import reprlib
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import RunError

SMALLEST, LARGEST = 0.001, 1000.0  # factors of the configured rates


@dataclass(frozen=True)
class RateChange:
    """After ``step`` steps and until the next change, every learning rate is multiplied by ``factor``.

    Raises:
        RunError: for an impossible step or factor.
    """

    step: int
    factor: float

    def __post_init__(self) -> None:
        good_step = isinstance(self.step, int) and not isinstance(self.step, bool) and self.step >= 0
        if not good_step:
            raise RunError("contract.rate_step", value=reprlib.repr(self.step))
        check(self.factor)


Changes = Sequence[RateChange]  # in the order of their steps


def check(factor: float) -> None:
    """Check that learning rates may be multiplied by a factor.

    Raises:
        RunError: when they may not.
    """
    number = isinstance(factor, int | float) and not isinstance(factor, bool) and math.isfinite(factor)
    if not (number and SMALLEST <= factor <= LARGEST):
        raise RunError("contract.rate_factor", low=SMALLEST, high=LARGEST, value=reprlib.repr(factor))


def factor_at(changes: Changes, step: int) -> float:
    """Return the factor of the step that follows ``step`` steps."""
    return next((change.factor for change in reversed(changes) if change.step <= step), 1.0)


def next_change(changes: Changes, step: int) -> int | None:
    """Return the first step after ``step`` at which the factor changes; None if there is none."""
    return next((change.step for change in changes if change.step > step), None)


def changed(changes: Changes, step: int, factor: float) -> tuple[RateChange, ...]:
    """Return the changes with a new one from ``step`` on, which replaces all later ones."""
    return (*(change for change in changes if change.step < step), RateChange(step, factor))


def to_json(changes: Changes) -> bytes:
    """Return the changes as a JSON list of pairs of step and factor."""
    return json.dumps([[change.step, change.factor] for change in changes]).encode()


def from_json(content: bytes) -> tuple[RateChange, ...]:
    """Return the changes that ``to_json`` wrote.

    Raises:
        RunError: when the content is anything else.
    """
    try:
        changes = tuple(RateChange(step, factor) for step, factor in json.loads(content))
    except (ValueError, TypeError, RecursionError) as error:
        raise RunError("contract.unreadable_rates") from error
    if [change.step for change in changes] != sorted({change.step for change in changes}):
        raise RunError("contract.unordered_rates")
    return changes
