"""Take one step in advance, so that a process has imported and compiled all before its first training."""

from __future__ import annotations

import dataclasses

import keras

from core.contract.config import ClassifierConfig
from core.contract.dataset_info import OFFLINE_DEFAULT
from core.contract.events import ClassifierSteps
from core.datasets import drawing, registry
from core.lab.training.classifier_training import ClassifierTraining

DRAWN = 10_000  # digits that the page's default settings ask for; drawn now, a run need not wait for them


def warm_up() -> None:
    """Take one step of the default network; what is trained next is the same as without it."""
    config = ClassifierConfig(train_size=DRAWN)
    data = registry.load(OFFLINE_DEFAULT, train_size=DRAWN, seed=config.seed)
    drawing.keep(data, config.seed)
    few = dataclasses.replace(data, x_train=data.x_train[:200], y_train=data.y_train[:200])
    for event in ClassifierTraining(config, few):
        if isinstance(event, ClassifierSteps):
            break
    keras.utils.clear_session()  # names and seeds start again
