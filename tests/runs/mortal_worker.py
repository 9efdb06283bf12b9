"""A worker that kills itself with SIGKILL: ``mortal_worker.py STEP FOLDER LOCK``.

It saves a checkpoint after every chunk of at most two steps.
"""

from __future__ import annotations

import math
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

from core.contract.config import TrainingConfig
from core.contract.events import Event
from core.lab.training import gan_training
from core.lab.training import training as lab_training
from core.runs.process import recorder, worker

DIES_AT = int(sys.argv[1])


class Mortal:
    """A training that dies after it reports a step; whether before or after the checkpoint is random."""

    def __init__(self, training: Any) -> None:
        self.training = training

    def __getattr__(self, name: str) -> Any:
        return getattr(self.training, name)

    def __iter__(self) -> Iterator[Event]:
        for event in self.training:
            yield event
            if self.training.step >= DIES_AT:
                os.kill(os.getpid(), signal.SIGKILL)


def lab() -> worker.LabFunctions:
    real = worker.import_lab()

    def start(config: TrainingConfig, progress: worker.Progress) -> Mortal:
        return Mortal(real.start(config, progress))

    return worker.LabFunctions(start, real.publish)


if __name__ == "__main__":
    recorder.CHECKPOINT_EVERY = 0.1
    lab_training.CHUNK_SECONDS = 0.001
    gan_training.SOON = gan_training.LATER = math.inf  # no grid because of the time that has passed
    sys.exit(worker.main(sys.argv[2:], lab))
