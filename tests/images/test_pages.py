"""Several modules: ink, pieces and glyphs on a sheet, and their order."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.synthetic.handwriting import render
from core.images.decode import decode
from core.images.digits import find_digits
from tests.images import cases


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return render(np.arange(30) % 10, seed=35)


def test_all_digits_of_a_page_are_found_in_reading_order(digits: np.ndarray) -> None:
    page, centres = cases.page(digits, 6, np.random.default_rng(1))
    glyphs = find_digits(decode(cases.png_bytes(page))).glyphs
    assert len(glyphs) == len(centres)
    for glyph, (x, y) in zip(glyphs, centres, strict=True):
        left, top, right, bottom = glyph.box
        assert left <= x <= right
        assert top <= y <= bottom
    assert [glyph.line for glyph in glyphs] == [i // 6 for i in range(30)]


@pytest.mark.parametrize("kind", ["small", "drawing", "transparent", "photo", "lined", "boxed", "chalk"])
def test_a_picture_of_one_digit_has_one_glyph(kind: str, digits: np.ndarray) -> None:
    rng = np.random.default_rng(7)
    found = [
        len(find_digits(decode(cases.png_bytes(cases.KINDS[kind](digit, rng)))).glyphs)
        for digit in digits[:10]
    ]
    assert found.count(1) >= 9


@pytest.mark.parametrize("level", [0, 120, 255])
def test_a_blank_sheet_has_no_glyph(level: int) -> None:
    sheet = np.full((300, 300, 3), level, np.uint8)
    assert find_digits(decode(cases.png_bytes(sheet))).glyphs == ()


@pytest.mark.parametrize("light_ink", [True, False])
@pytest.mark.parametrize("low", [0, 60])
def test_a_thumbnail_of_anything_is_one_glyph(digits: np.ndarray, light_ink: bool, low: int) -> None:
    """Try digits and a shirt of 28×28 pixels, whose light gap by a sleeve was once read as a 1."""
    shirt = np.zeros((28, 28), np.uint8)
    shirt[2:26, 4:24] = 90
    shirt[10:26, 8], shirt[10:26, 19] = 0, 0
    for image in (*digits[:5], shirt):
        pixels = low + image * ((200 - low) / 255)
        pixels = np.round(pixels if light_ink else 255 - pixels).astype(np.uint8)
        (glyph,) = find_digits(decode(cases.png_bytes(pixels))).glyphs
        rows, columns = np.nonzero(image)
        left, top, right, bottom = glyph.box
        assert max(abs(left - columns.min()), abs(right - columns.max() - 1)) <= 1
        assert max(abs(top - rows.min()), abs(bottom - rows.max() - 1)) <= 1


def test_a_blank_thumbnail_has_no_glyph() -> None:
    assert find_digits(decode(cases.png_bytes(np.full((28, 28), 77, np.uint8)))).glyphs == ()
