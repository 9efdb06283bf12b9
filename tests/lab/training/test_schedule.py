from __future__ import annotations

import math

import numpy as np
import pytest
import tensorflow as tf

from core.lab.training.schedule import END, SLOWEST, START, WARM_UP, held_then_falling, one_cycle


def rates(total: int) -> np.ndarray:
    return np.array([float(one_cycle(tf.constant(step), total)) for step in range(total)])


def reference(step: int, total: int) -> float:
    """Return PyTorch's OneCycleLR with anneal_strategy="cos", div_factor=25, final_div_factor=400, peak 1."""

    def annealed(start: float, end: float, part: float) -> float:
        return end + (start - end) / 2 * (1 + math.cos(math.pi * part))

    peak, last = 0.3 * (total - 1), total - 1
    if step < peak:
        return annealed(1 / 25, 1.0, step / peak)
    return annealed(1.0, 1 / 25 / 400, (step - peak) / (last - peak))


@pytest.mark.parametrize("total", [2, 11, 101])
def test_the_schedule_is_the_one_cycle_of_smith_and_topin(total):
    assert np.allclose(rates(total), [reference(step, total) for step in range(total)], atol=1e-6)


def test_the_schedule_starts_low_peaks_at_one_and_ends_near_zero():
    found = rates(101)
    assert found[0] == pytest.approx(START)
    assert found[round(100 * WARM_UP)] == pytest.approx(1.0) == found.max()
    assert found[-1] == pytest.approx(END, rel=1e-2)


def test_the_schedule_rises_and_then_falls_monotonically():
    found = rates(101)
    assert (np.diff(found[:31]) > 0).all()
    assert (np.diff(found[30:]) < 0).all()


def test_the_climb_takes_the_share_of_the_run_that_it_is_given():
    found = np.array([float(one_cycle(tf.constant(step), 101, 0.05)) for step in range(101)])
    assert found.argmax() == 5


def test_a_run_of_one_step_has_a_rate():
    assert 0 < float(one_cycle(tf.constant(0), 1)) <= 1


def test_the_rates_of_a_gan_are_held_for_half_the_run_and_then_only_fall():
    found = np.array([float(held_then_falling(tf.constant(step), 101)) for step in range(101)])
    assert (found[:51] == 1).all()
    assert (np.diff(found[50:]) < 0).all()
    assert found[75] == pytest.approx((1 + SLOWEST) / 2)
    assert found[-1] == pytest.approx(SLOWEST)


def test_a_gan_of_one_step_keeps_its_rate():
    assert float(held_then_falling(tf.constant(0), 1)) == 1
