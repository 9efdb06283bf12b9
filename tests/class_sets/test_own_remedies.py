from __future__ import annotations

import pytest

from core.class_sets.own_remedies import BACKBONE, BATCH, REMEDIES, STEPS, configuration, helps
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


def test_a_remedy_helps_from_one_more_right_answer_on() -> None:
    assert helps(5 / 6, 1.0, 6)
    assert not helps(5 / 6, 5 / 6, 6)
    assert not helps(0.5, 0.7, 4)  # means over seeds
