from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from core.class_sets.limits import MOST_PICTURES
from core.class_sets.picture_sheet import LARGEST, MOST_PIXELS, SMALLEST, picture_sheet
from tests.class_sets.conftest import COLOURS, OWNER, picture


def test_each_picture_is_in_its_place_on_the_sheet(store):
    made = store.create(OWNER)
    colours = list(COLOURS)
    filled = store.add(made.id, [(name, "", picture(name)) for name in colours])
    sheet = picture_sheet(store, made.id, [one.id for _, one in filled.pictures])
    assert (sheet.columns, sheet.side) == (2, LARGEST)
    opened = np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet.url.partition(",")[2]))), float)
    for k, name in enumerate(colours):
        top, left = sheet.side * (k // 2), sheet.side * (k % 2)
        mean = opened[top : top + sheet.side, left : left + sheet.side].mean(axis=(0, 1))
        assert mean == pytest.approx(np.array(COLOURS[name]), abs=25)


def test_the_largest_set_has_a_bounded_sheet(monkeypatch):
    class Store:
        def picture(self, set_id, picture_id):
            return Image.new("RGB", (30, 30))

    sheet = picture_sheet(Store(), "", [str(k) for k in range(MOST_PICTURES)])
    assert sheet.side >= SMALLEST
    assert sheet.columns**2 * sheet.side**2 < 1.1 * MOST_PIXELS
