"""How a run stands, in a few words and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from core.errors import RunError

State = Literal[
    "created",  # a folder, and nothing asked of it yet
    "waiting",
    "starting",
    "running",
    "paused",
    "finished",
    "stopped",
    "failed",
    "interrupted",  # never written: what a reader concludes when the worker has vanished
]
LIVE: tuple[State, ...] = ("waiting", "starting", "running", "paused")
OVER: tuple[State, ...] = ("finished", "stopped", "failed", "interrupted")


@dataclass(frozen=True)
class Status:
    """How a run stands.

    Raises:
        RunError: when a value is none that a status can have.
    """

    state: State = "created"
    message: str = "Not started yet."  # one sentence
    name: str = ""
    visitor: str = ""  # who started it, as far as the page can tell; nobody's if empty
    pid: int | None = None  # of the worker; for people who look, not for telling whether it lives

    created: float = 0.0  # these four in seconds since 1970
    queued: float | None = None
    started: float | None = None
    ended: float | None = None

    step: int = 0
    total_steps: int = 0
    seconds: float = 0.0  # of training
    metrics: dict[str, float] = field(default_factory=dict)  # of the test set, when finished

    def __post_init__(self) -> None:
        required = (self.created, self.step, self.total_steps, self.seconds)
        optional = (self.pid, self.queued, self.started, self.ended)
        good = (
            self.state in get_args(State)
            and isinstance(self.message, str)
            and isinstance(self.name, str)
            and isinstance(self.visitor, str)
            and isinstance(self.metrics, dict)
            and all(_is_number(n) for n in required)
            and all(n is None or _is_number(n) for n in optional)
        )
        if not good:
            raise RunError("The run's status is damaged: it holds a value that no status has.")

    @property
    def is_live(self) -> bool:
        """Whether a worker is at it, or will be in its turn."""
        return self.state in LIVE

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in OVER


def _is_number(value: Any) -> bool:
    # The bounds leave out NaN and infinity, and are exact for integers of any length.
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e18 < value < 1e18
