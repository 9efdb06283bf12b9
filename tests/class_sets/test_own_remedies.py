from __future__ import annotations

from dataclasses import replace

import pytest

from core.class_sets.own_remedies import BACKBONE, BATCH, REMEDIES, STEPS, configuration, helps, sizes
from core.contract import architectures


@pytest.mark.parametrize("pictures", [4, 40, 500, 4000])
def test_every_remedy_is_a_run_of_as_many_steps(pictures: int) -> None:
    for remedy in REMEDIES:
        config = configuration(remedy, "abc", pictures, 2)
        assert config.dataset == "own:abc"
        assert config.seed == 2
        if remedy == BACKBONE:
            assert architectures.is_fine_tuned(config.architecture)
            continue
        taught = pictures - max(1, round(pictures * config.validation_split))
        steps = config.epochs * max(1, taught // min(BATCH, taught))
        assert STEPS <= steps < STEPS + max(1, taught // BATCH)
        assert config.augmentation == remedy


def test_a_run_from_a_part_of_the_pictures_takes_as_many_steps_as_from_a_set_of_that_size() -> None:
    for remedy in REMEDIES:
        part, whole = configuration(remedy, "abc", 400, 2, 100), configuration(remedy, "abc", 100, 2)
        assert part.train_size == 100
        assert replace(part, train_size=None) == whole


@pytest.mark.parametrize(
    ("pictures", "classes", "found"), [(80, 2, [20, 40, 80]), (30, 3, [15, 30]), (8, 2, [8]), (4, 2, [4])]
)
def test_remedies_are_tried_from_parts_with_enough_pictures(
    pictures: int, classes: int, found: list[int]
) -> None:
    assert sizes(pictures, classes) == found


def test_a_remedy_helps_from_one_more_right_answer_on() -> None:
    assert helps(5 / 6, 1.0, 6)
    assert not helps(5 / 6, 5 / 6, 6)
    assert not helps(0.5, 0.7, 4)  # means over seeds
