from __future__ import annotations

import cv2
import numpy as np

from core.images.lines import without_rulings


def removed(mask: np.ndarray) -> np.ndarray:
    """The mask without its rulings, all ink being equally dark."""
    return without_rulings(mask, mask.astype(np.float32))


def test_rulings_go_and_the_stroke_across_them_stays() -> None:
    mask = np.zeros((300, 400), np.uint8)
    for y in (60, 140, 220):
        cv2.line(mask, (0, y), (399, y), 1, 2)
    stroke = np.zeros_like(mask)
    cv2.ellipse(stroke, (200, 150), (50, 80), 0, 0, 360, 1, 14)
    kept = removed((mask | stroke).astype(bool))
    assert kept[:, :100].sum() < 0.05 * mask[:, :100].sum()
    assert (kept & stroke.astype(bool)).sum() > 0.9 * stroke.sum()


def test_a_single_straight_stroke_is_no_ruling() -> None:
    mask = np.zeros((200, 120), np.uint8)
    cv2.line(mask, (60, 0), (60, 199), 1, 14)
    assert removed(mask.astype(bool)).sum() == mask.sum()


def test_an_empty_mask_stays_empty() -> None:
    assert not removed(np.zeros((40, 40), bool)).any()
