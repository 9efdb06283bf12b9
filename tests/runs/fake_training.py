"""A training that learns nothing, for tests of recording and steering."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from core.contract.events import ClassifierSteps, Event, Finished, Preparing, Started
from core.contract.learning_rates import Changes
from core.messages import Message
from core.runs import Run, Status
from core.runs.process.steering import NO_LIMITS, PlaceLimits, Steering
from core.runs.process.worker import LabFunctions, work


def steps(step: int) -> ClassifierSteps:
    return ClassifierSteps(step, [0.5], [0.75], [0.001], 100.0, step / 10)


class FakeTraining:
    """Yield a number of events; ``meanwhile(pulled)`` is called before each."""

    def __init__(self, events: int = 3, meanwhile: Callable[[int], object] = lambda pulled: None) -> None:
        self.total, self.meanwhile = events, meanwhile
        self.pulled, self.stops = 0, 0
        self.steered: list[tuple[int | None, Changes]] = []

    def __iter__(self) -> Iterator[Event]:
        yield self._pull(Preparing(Message("Here we go.")))
        yield self._pull(Started(10, 20, 5, 1, self.total))
        while self.step < self.total and not self.stops:
            self.step += 1
            yield self._pull(steps(self.step))
        yield self._pull(Finished(self.step, self.step / 10, bool(self.stops), {"accuracy": 0.9}))

    def _pull(self, event: Event) -> Event:
        self.meanwhile(self.pulled)
        self.pulled += 1
        return event

    step, event_pending, steps_per_epoch = 0, False, 10

    def save(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)

    def restore(self, folder: Path) -> None:
        raise AssertionError("nothing was saved")

    def steer(self, until: int | None, changes: Changes) -> None:
        if (until, changes) not in self.steered[-1:]:
            self.steered.append((until, changes))

    def result(self) -> FakeTraining:
        return self

    def stop(self) -> None:
        self.stops += 1


def publish(training: FakeTraining, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "card.json").write_text("{}")


def trained(run: Run, training: FakeTraining, limits: PlaceLimits = NO_LIMITS) -> Status:
    steering = Steering(run, limits)
    return work(run, lambda: LabFunctions(lambda config, progress: training, publish), steering)
