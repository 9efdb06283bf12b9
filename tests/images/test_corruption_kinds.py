from __future__ import annotations

import numpy as np
import pytest

from core.datasets.synthetic.handwriting import render
from core.images.corruption_kinds import KINDS, STRENGTHS, CorruptionKind, corrupted_stack, kind_named

DIGITS = render(np.arange(10), seed=3)[..., None]  # 10×28×28×1


def distance(kind: CorruptionKind, strength: int) -> float:
    """Return the mean change of a pixel, in levels."""
    return float(np.abs(corrupted_stack(kind, strength, DIGITS).astype(int) - DIGITS).mean())


def test_there_are_fifteen_kinds_at_five_strengths() -> None:
    assert len({kind.name for kind in KINDS}) == 15
    assert STRENGTHS == (1, 2, 3, 4, 5)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_greater_strength_changes_images_more_and_the_seed_repeats_it(kind: CorruptionKind) -> None:
    before = DIGITS.copy()
    found = corrupted_stack(kind, 5, DIGITS, seed=2)

    assert found.shape == DIGITS.shape
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, corrupted_stack(kind, 5, DIGITS, seed=2))
    np.testing.assert_array_equal(DIGITS, before)
    assert 0 < distance(kind, 1) < distance(kind, 5)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_empty_stack_stays_empty(kind: CorruptionKind) -> None:
    assert corrupted_stack(kind, 1, DIGITS[:0]).shape == (0, 28, 28, 1)


def test_impulse_noise_sets_the_stated_share_of_pixels_to_black_or_white() -> None:
    grey = np.full((200, 28, 28), 128, np.uint8)

    changed = corrupted_stack(kind_named("impulse_noise"), 5, grey) != 128

    assert changed.mean() == pytest.approx(0.27, abs=0.01)


def test_translation_moves_every_image_by_whole_pixels_along_both_axes() -> None:
    found = corrupted_stack(kind_named("translate"), 2, DIGITS)

    moved = {(y, x): np.roll(DIGITS, (y, x), (1, 2)) for y in (-2, 2) for x in (-2, 2)}
    inside = np.s_[4:-4, 4:-4]
    for i, image in enumerate(found):
        assert any(np.array_equal(image[inside], stack[i][inside]) for stack in moved.values())


def test_a_stripe_is_inverted_at_the_left_and_at_the_right() -> None:
    found = corrupted_stack(kind_named("stripe"), 1, DIGITS)

    np.testing.assert_array_equal(found[:, :, :3], 255 - DIGITS[:, :, :3])
    np.testing.assert_array_equal(found[:, :, 3:-3], DIGITS[:, :, 3:-3])
    np.testing.assert_array_equal(found[:, :, -3:], 255 - DIGITS[:, :, -3:])
