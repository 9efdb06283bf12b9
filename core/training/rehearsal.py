"""A training for nothing, so that the first real one of a process finds everything imported and compiled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import keras

from core.datasets import loaders
from core.training.adversarial import GanTraining
from core.training.classifier import ClassifierTraining
from core.training.config import ClassifierConfig, GanConfig
from core.training.events import ClassifierSteps, GanSteps

DRAWN = 10_000  # digits that the page's default settings ask for; drawn now, a run need not wait for them
FEW = 200
REHEARSED = (ClassifierConfig(), ClassifierConfig(family="rnn", architecture="lstm"), GanConfig())


def rehearse(interrupted: Callable[[], bool] = lambda: False) -> None:
    """Takes a step of a network of each family, and leaves no trace that could change what is trained next.

    ``interrupted`` is asked between two families, so that a run that has come waits for one at the most.
    """
    data = loaders.draw_ahead(DRAWN, ClassifierConfig().seed)
    few = dataclasses.replace(data, x_train=data.x_train[:FEW], y_train=data.y_train[:FEW])
    for config in REHEARSED:
        if interrupted():
            return
        made = GanTraining(config, few) if isinstance(config, GanConfig) else ClassifierTraining(config, few)
        for event in made:
            if isinstance(event, ClassifierSteps | GanSteps):
                break
        keras.utils.clear_session()  # names and seeds begin anew
