"""Changes of the learning rates while a training runs; a resumed one makes them at the same steps."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import RunError

SMALLEST, LARGEST = 0.001, 1000.0  # factors, of the rates that the configuration asks for


@dataclass(frozen=True)
class RateChange:
    """After ``step`` steps and until the next change, every learning rate is ``factor`` times as planned.

    Raises:
        RunError: for a step or a factor that cannot be.
    """

    step: int
    factor: float

    def __post_init__(self) -> None:
        good_step = isinstance(self.step, int) and not isinstance(self.step, bool) and self.step >= 0
        if not good_step:
            raise RunError(f"A learning rate changes after a number of steps, not after {self.step!r:.40}.")
        check(self.factor)


Changes = Sequence[RateChange]  # in the order of their steps


def check(factor: float) -> None:
    """Nothing, for a factor that a learning rate may be multiplied by.

    Raises:
        RunError: for any other.
    """
    number = isinstance(factor, int | float) and not isinstance(factor, bool) and math.isfinite(factor)
    if not (number and SMALLEST <= factor <= LARGEST):
        raise RunError(
            f"A learning rate is multiplied by a number from {SMALLEST:g} to {LARGEST:,.0f}, "
            f"not by {factor!r:.40}."
        )


def factor_at(changes: Changes, step: int) -> float:
    """The factor of the step that follows on ``step`` steps."""
    return next((change.factor for change in reversed(changes) if change.step <= step), 1.0)


def next_change(changes: Changes, step: int) -> int | None:
    """The first step after ``step`` at which the factor may change."""
    return next((change.step for change in changes if change.step > step), None)


def changed(changes: Changes, step: int, factor: float) -> tuple[RateChange, ...]:
    """The changes with one more from ``step`` on, in place of whatever was to come later."""
    return (*(change for change in changes if change.step < step), RateChange(step, factor))


def to_json(changes: Changes) -> bytes:
    """The changes as a JSON list of step and factor."""
    return json.dumps([[change.step, change.factor] for change in changes]).encode()


def from_json(content: bytes) -> tuple[RateChange, ...]:
    """What ``to_json`` wrote.

    Raises:
        RunError: when it is anything else.
    """
    try:
        changes = tuple(RateChange(step, factor) for step, factor in json.loads(content))
    except (ValueError, TypeError, RecursionError) as error:
        raise RunError("The run's changes of learning rate cannot be read; the file was damaged.") from error
    if [change.step for change in changes] != sorted({change.step for change in changes}):
        raise RunError("The run's changes of learning rate are out of order; the file was damaged.")
    return changes
