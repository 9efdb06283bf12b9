from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigError
from core.latent.latent_links import from_code, to_code
from tests.refusals import raises


@pytest.mark.parametrize("size", [2, 64, 512])
def test_a_point_survives_its_link_to_the_last_bit(size):
    point = np.random.default_rng(0).standard_normal(size).astype(np.float32)
    assert np.array_equal(from_code(to_code(point), size), point)


def test_the_error_for_a_point_of_another_generator_names_both_sizes():
    with raises(ConfigError, "latent.other_size", count=16, size=64):
        from_code(to_code(np.zeros(16, np.float32)), 64)


@pytest.mark.parametrize("point", [np.full(4, np.nan), np.full(4, np.inf), np.full(4, 1e9)])
def test_a_point_with_numbers_out_of_range_is_refused(point):
    with raises(ConfigError, "latent.damaged_point"):
        from_code(to_code(point), 4)


@given(st.text(max_size=100) | st.just("A" * 10_000))
def test_any_text_in_a_link_is_a_point_or_is_refused_in_one_sentence(code):
    try:
        assert from_code(code, 4).shape == (4,)
    except ConfigError as error:
        refusal = str(error)
        assert "\n" not in refusal
