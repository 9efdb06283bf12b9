"""Configure runs that learn a visitor's class set with remedies for too few pictures, for equal steps."""

from __future__ import annotations

import math
from dataclasses import replace

from core.class_sets.ways_to_learn import Way
from core.class_sets.ways_to_learn import configuration as way_configuration
from core.contract.config import SINGLE_AUGMENTATIONS, TOGETHER, ClassifierConfig
from core.contract.dataset_info import OWN

NOTHING, BACKBONE = "none", "backbone"
REMEDIES = (NOTHING, "mirror", "cutout", *SINGLE_AUGMENTATIONS, TOGETHER, BACKBONE)
FIRST = (NOTHING, "cutout", TOGETHER, BACKBONE)  # the remedies that are chosen at first
NETWORK, STEPS, BATCH = "lenet5", 1000, 32
VALIDATION = 1 / 12  # of the training pictures
MOST_EPOCHS = 1000


def helps(before: float, after: float, tested: int) -> bool:
    """Return whether a remedy brings at least one more right answer, from two accuracies (0 to 1)."""
    return round((after - before) * tested, 6) >= 1  # 6 × (1 − 5/6) is a little less than 1


def configuration(remedy: str, set_id: str, pictures: int, seed: int) -> ClassifierConfig:
    """Return the configuration of a run with one of ``REMEDIES``, for so many training pictures in all.

    Each takes about ``STEPS`` steps, except for the backbone, which learns as Teach has it learn.
    """
    if remedy == BACKBONE:
        return replace(way_configuration(Way.FINE_TUNED, set_id, pictures), seed=seed)
    taught = max(1, pictures - max(1, round(pictures * VALIDATION)))
    steps_per_epoch = max(1, taught // BATCH)
    return ClassifierConfig(
        architecture=NETWORK,
        dataset=f"{OWN}:{set_id}",
        augmentation=remedy,
        validation_split=VALIDATION,
        epochs=min(MOST_EPOCHS, math.ceil(STEPS / steps_per_epoch)),
        batch_size=BATCH,
        seed=seed,
    )
