from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.images.components import Piece
from core.images.decode import decode
from core.images.digits import find_digits
from core.images.letter_dots import dotted


def _piece(left: int, top: int, right: int, bottom: int) -> Piece:
    return Piece((left, top, right, bottom), np.ones((bottom - top, right - left), bool), 3)


STEM = _piece(50, 50, 60, 110)


@pytest.mark.parametrize(
    ("dot", "belongs"),
    [
        ((50, 30, 60, 40), True),
        ((62, 25, 72, 33), True),  # beside the stem, as in haste
        ((45, 38, 66, 46), True),  # a short stroke
        ((50, 0, 60, 6), False),  # too far above
        ((120, 30, 130, 40), False),  # too far beside
        ((50, 115, 60, 125), False),  # below: a full stop
        ((30, 35, 70, 40), False),  # a bar
        ((54, 40, 55, 41), False),  # dust
    ],
)
def test_a_dot_belongs_to_the_stem_below_it(dot, belongs):
    found = dotted([STEM], [_piece(*dot)])
    assert (0 in found) == belongs
    if belongs:
        left, top, right, bottom = found[0].box
        assert (top, bottom) == (dot[1], 110)
        assert (left, right) == (min(50, dot[0]), max(60, dot[2]))
        assert found[0].mask.sum() == STEM.mask.sum() + _piece(*dot).mask.sum()
        assert found[0].line == STEM.line


def test_a_dot_goes_to_the_nearest_slim_glyph_and_a_glyph_has_one_dot():
    other, broad = _piece(75, 50, 85, 110), _piece(95, 50, 150, 110)
    dots = [_piece(51, 35, 59, 42), _piece(76, 30, 84, 38), _piece(77, 15, 84, 22), _piece(110, 35, 120, 43)]
    found = dotted([STEM, other, broad], dots)
    assert {place: piece.box[1] for place, piece in found.items()} == {0: 35, 1: 30}


def test_nothing_is_dotted_without_specks_or_glyphs():
    assert dotted([], [STEM]) == {}
    assert dotted([STEM], []) == {}


def test_an_i_keeps_its_dot_for_networks_of_letters_and_a_digit_does_not():
    sheet = Image.new("L", (260, 200), 250)
    draw = ImageDraw.Draw(sheet)
    draw.line((60, 90, 60, 160), 20, 8)
    draw.ellipse((56, 60, 65, 69), 20)
    draw.arc((120, 60, 190, 160), 0, 360, 20, 8)
    data = io.BytesIO()
    sheet.save(data, "PNG")
    stem, ring = find_digits(decode(data.getvalue(), "i.png")).glyphs
    assert stem.box[1] > 80
    assert stem.dotted is not None
    assert stem.dotted.box[1] <= 61
    assert stem.dotted.box[3] == stem.box[3]
    assert ring.dotted is None
