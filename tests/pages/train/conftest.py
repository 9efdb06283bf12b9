from __future__ import annotations

from typing import Any

import pytest

from core.contract.config import ClassifierConfig, TrainingConfig
from core.contract.events import (
    EpochEnd,
    Event,
)
from core.messages import message
from core.runs import Run, RunStore
from core.runs.store.status import State
from core.visitors import Visitor
from pages.parts.shared import visitors
from tests.pages.train.actions import (
    FINISHED,
    STARTED,
    MakeRun,
    steps,
)

MESSAGES = {
    "waiting": message("runs.waiting"),
    "starting": message("runs.loading_libraries"),
    "running": message("runs.training"),
    "paused": message("runs.paused", step=5),
    "parked": message("runs.parked", step=5),
    "finished": message("runs.finished", steps=30),
    "stopped": message("runs.stopped", step=5),
    "failed": message("runs.out_of_memory"),
}


@pytest.fixture(autouse=True)
def me(monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Return the visitor of every session of this test."""
    visitor = Visitor("me", ids=frozenset({"me"}))
    monkeypatch.setattr(visitors, "visitor", lambda: visitor)
    return visitor


@pytest.fixture
def recorded(store: RunStore, me: Visitor) -> MakeRun:
    """Return a function that makes a run of this visitor as a worker leaves it, with these events."""

    def made(*events: Event, state: State, config: TrainingConfig | None = None, **status: Any) -> Run:
        run = store.create(config or ClassifierConfig(train_size=1000, epochs=2), visitor=me.id)
        for event in events:
            run.record.append(event)
        run.write_status(**{"state": state, "message": MESSAGES[state], **status})
        return run

    return made


@pytest.fixture
def finished(recorded: MakeRun) -> Run:
    return recorded(
        STARTED,
        steps(1, 15),
        EpochEnd(1, 15, 0.4, 0.9, 3.0),
        steps(16, 30),
        EpochEnd(2, 30, 0.2, 0.95, 6.0),
        FINISHED,
        state="finished",
        metrics=FINISHED.metrics,
    )
