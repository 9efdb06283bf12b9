"""The real worker process with a lab that trains nothing.

``fake_worker.py EVENTS SECONDS [--can-restore] FOLDER [LOCK]``
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from core.contract.events import ClassifierSteps, Event, Finished, Started
from core.runs.process import worker


class FakeTraining:
    def __init__(self, events: int, seconds: float) -> None:
        self.events, self.seconds, self.stopping = events, seconds, False

    def __iter__(self) -> Iterator[Event]:
        yield Started(10, 20, 5, 1, self.events)
        for step in range(1, self.events + 1):
            time.sleep(self.seconds)
            self.step = step
            yield ClassifierSteps(step, [1 / step], [0.5], [0.1], 100.0, float(step))
            if self.stopping:
                break
        yield Finished(step, float(step), stopped=self.stopping, metrics={"accuracy": 0.5})

    step, event_pending, steps_per_epoch = 0, False, 10

    def save(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)

    def restore(self, folder: Path) -> None:
        if "--can-restore" not in sys.argv:
            raise AssertionError("nothing was saved")

    def steer(self, until: int | None, changes: object) -> None:
        pass

    def result(self) -> FakeTraining:
        return self

    def stop(self) -> None:
        self.stopping = True


def publish(training: FakeTraining, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "card.json").write_text("{}")


def lab() -> worker.LabFunctions:
    print("The lab is imported.", flush=True)
    return worker.LabFunctions(
        lambda config, progress: FakeTraining(int(sys.argv[1]), float(sys.argv[2])), publish
    )


if __name__ == "__main__":
    sys.exit(worker.main([word for word in sys.argv[3:] if word != "--can-restore"], lab))
