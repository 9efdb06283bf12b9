from __future__ import annotations

from typing import Any

import pytest

from core.contract.config import ClassifierConfig, TrainingConfig
from core.contract.events import (
    EpochEnd,
    Event,
)
from core.messages import Message
from core.runs import Run, RunStore
from core.visitors import Visitor
from pages.parts.shared import visitors
from tests.pages.train.actions import (
    FINISHED,
    STARTED,
    MakeRun,
    steps,
)


@pytest.fixture(autouse=True)
def me(monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Return the visitor of every session of this test."""
    visitor = Visitor("me", ids=frozenset({"me"}))
    monkeypatch.setattr(visitors, "visitor", lambda: visitor)
    return visitor


@pytest.fixture
def recorded(store: RunStore, me: Visitor) -> MakeRun:
    """Make a run of this visitor as a worker leaves it, with these events and this status."""

    def made(*events: Event, config: TrainingConfig | None = None, **status: Any) -> Run:
        run = store.create(config or ClassifierConfig(train_size=1000, epochs=2), visitor=me.id)
        for event in events:
            run.record.append(event)
        run.write_status(**{**status, "message": Message(status.get("message", ""))})
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
        message="Finished after 30 steps.",
        metrics=FINISHED.metrics,
    )
