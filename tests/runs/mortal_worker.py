"""A worker that kills itself with SIGKILL: ``mortal_worker.py STEP FOLDER LOCK``.

It trains small networks in chunks of one step, and saves a checkpoint after each tenth of a second and epoch.
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
from core.lab.models import factory
from core.lab.training import gan_training
from core.lab.training import training as lab_training
from core.runs.process import recorder, worker
from tests.lab.small_networks import small_cnn, small_gan

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
    lab_training.CHUNK_SECONDS = 1e-6
    gan_training.SOON = gan_training.LATER = math.inf  # no grid because of the time that has passed
    factory.CLASSIFIERS["deep"], factory.GANS["dcgan"] = small_cnn, small_gan
    sys.exit(worker.main(sys.argv[2:], lab))
