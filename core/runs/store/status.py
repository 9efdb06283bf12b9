"""Define the status of a run: its state, a message and a few figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args

from core import messages
from core.errors import RunError
from core.messages import Message, message

State = Literal[
    "created",  # only a folder so far; never started
    "waiting",
    "starting",
    "running",
    "paused",
    "parked",  # paused, without a worker and a place until somebody continues it
    "finished",
    "stopped",
    "failed",
    "interrupted",  # never written: a reader concludes it when the worker has vanished
]
LIVE: tuple[State, ...] = ("waiting", "starting", "running", "paused")
OVER: tuple[State, ...] = ("finished", "stopped", "failed", "interrupted")


@dataclass(frozen=True)
class Status:
    """The status of a run; its message is a key and values, so that it can be read in any language.

    Raises:
        RunError: when a value is invalid.
    """

    state: State = "created"
    message: Message = field(default_factory=lambda: message("runs.not_started"))
    name: str = ""
    visitor: str = ""  # who started it, if known, else empty
    address: str = ""  # keyed hash of the network address it was started from, if known, else empty
    pid: int | None = None  # of the worker; for people only: the lock tells whether it is alive

    created: float = 0.0  # these four in seconds since 1970
    queued: float | None = None
    started: float | None = None
    ended: float | None = None

    step: int = 0
    total_steps: int = 0
    seconds: float = 0.0  # of training
    held: float = 0.0  # seconds for which the run had a place, pauses included, under all its workers
    metrics: dict[str, float] = field(default_factory=dict)  # of the test set, when finished

    def __post_init__(self) -> None:
        required = (self.created, self.step, self.total_steps, self.seconds, self.held)
        optional = (self.pid, self.queued, self.started, self.ended)
        good = (
            self.state in get_args(State)
            and isinstance(self.message, Message)
            and isinstance(self.name, str)
            and isinstance(self.visitor, str)
            and isinstance(self.address, str)
            and isinstance(self.metrics, dict)
            and all(_is_number(n) for n in required)
            and all(n is None or _is_number(n) for n in optional)
        )
        if not good:
            raise RunError("runs.damaged_status")

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the status that ``to_json`` described, or that an older version wrote with a sentence.

        Fields that this version does not know are ignored.

        Raises:
            RunError: when a value is invalid.
        """
        known = {f.name: values[f.name] for f in dataclasses.fields(cls) if f.name in values}
        if "message" in known:
            try:
                known["message"] = messages.from_json(known["message"])
                str(known["message"])  # fails where a value of the sentence is missing or wrong
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                raise RunError("runs.damaged_status") from error
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        """Return the status as plain JSON values."""
        return {**dataclasses.asdict(self), "message": messages.to_json(self.message)}

    @property
    def is_live(self) -> bool:
        """Return whether a worker trains the run, or waits for its turn."""
        return self.state in LIVE

    @property
    def is_over(self) -> bool:
        """Return whether the run has ended."""
        return self.state in OVER


def _is_number(value: Any) -> bool:
    # The bounds leave out NaN and infinity, and are exact for integers of any length.
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e18 < value < 1e18
