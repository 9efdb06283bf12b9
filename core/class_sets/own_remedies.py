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
FIRST = (NOTHING, "cutout", BACKBONE)  # the remedies that are chosen at first
SHARES = (1 / 4, 1 / 2)  # of the training pictures, from which the remedies are tried as well as from all
FEWEST = 4  # pictures of each class in the smallest of these parts
NETWORK, STEPS, BATCH = "lenet5", 1000, 32
VALIDATION = 1 / 12  # of the training pictures
MOST_EPOCHS = 1000


def helps(before: float, after: float, tested: int) -> bool:
    """Return whether a remedy brings at least one more right answer, from two accuracies (0 to 1)."""
    return round((after - before) * tested, 6) >= 1  # 6 × (1 − 5/6) is a little less than 1


def sizes(pictures: int, classes: int) -> list[int]:
    """Return the numbers of training pictures from which remedies are tried; the last one is all of them."""
    parts = {round(share * pictures) for share in SHARES}
    return [*sorted(part for part in parts if FEWEST * classes <= part < pictures), pictures]


def configuration(
    remedy: str, set_id: str, pictures: int, seed: int, train_size: int | None = None
) -> ClassifierConfig:
    """Return the configuration of a run with one of ``REMEDIES``, from ``train_size`` pictures (None: all).

    Each takes about ``STEPS`` steps, except for the backbone, which learns as Teach has it learn.

    Args:
        remedy: its id.
        set_id: the class set's id.
        pictures: all training pictures of the set.
        seed: of the first weights, of the batches, and of the choice among the pictures.
        train_size: how many of the pictures are learnt from.
    """
    pictures = train_size or pictures
    if remedy == BACKBONE:
        fine_tuned = way_configuration(Way.FINE_TUNED, set_id, pictures)
        return replace(fine_tuned, seed=seed, train_size=train_size)
    taught = max(1, pictures - max(1, round(pictures * VALIDATION)))
    steps_per_epoch = max(1, taught // BATCH)
    return ClassifierConfig(
        architecture=NETWORK,
        dataset=f"{OWN}:{set_id}",
        train_size=train_size,
        augmentation=remedy,
        validation_split=VALIDATION,
        epochs=min(MOST_EPOCHS, math.ceil(STEPS / steps_per_epoch)),
        batch_size=BATCH,
        seed=seed,
    )
