from __future__ import annotations

import numpy as np
import pytest

from core.inference.discriminator_answer import answer_for


def test_the_probability_is_the_sigmoid_of_the_logit() -> None:
    answer = answer_for(np.array([0.0, np.log(3), -1e9]), 1)

    assert answer.probability == pytest.approx(0.75)
    assert answer.is_real
    assert answer.higher_than == 1.0
    assert answer_for(np.array([0.0, 1.0, -1e9]), 2).probability == pytest.approx(0)


def test_a_single_image_is_compared_with_no_others() -> None:
    assert answer_for(np.array([-1.0]), 0).higher_than is None
    assert not answer_for(np.array([-1.0]), 0).is_real
