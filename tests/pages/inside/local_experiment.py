from __future__ import annotations

from typing import Any

from core.errors import ExperimentError
from core.messages import Progress, message


class Local:
    """An experiment in this process instead of a child."""

    def __init__(self, made: Any, name: str, options: dict[str, Any]) -> None:
        self.made, self.name, self.options, self.alive = made, name, options, True

    def wait(self, progress: Progress) -> None:
        progress(message("subprocesses.loading"), 1.0)

    def ended(self) -> ExperimentError:
        return ExperimentError("subprocesses.ended")

    def ask(self, method: str, **arguments: Any) -> Any:
        if not self.alive:
            raise self.ended()
        return getattr(self.made, method)(**arguments)

    def close(self) -> None:
        self.alive = False
