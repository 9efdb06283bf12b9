from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.images.answer_card import MARGIN, WIDTH, Tagged, answer_card

RED = (255, 0, 0)


def _card(picture: Image.Image, size: tuple[int, int], *boxes: Tagged, title: str = "7") -> np.ndarray:
    card = answer_card(picture, size, boxes, title, ["Together: 7", "Deep Image Lab"])
    return np.asarray(Image.open(io.BytesIO(card)).convert("RGB"))


def test_the_card_shows_the_picture_with_its_boxes_in_their_places() -> None:
    card = _card(Image.new("RGB", (36, 36), "white"), (72, 72), Tagged((18, 36, 54, 66), "7", RED))

    assert card.shape[1] == WIDTH
    rows, columns = np.nonzero((card == RED).all(axis=2))
    side = WIDTH - 2 * MARGIN
    assert columns.min() == pytest.approx(MARGIN + side / 4, abs=5)
    assert columns.max() == pytest.approx(MARGIN + side * 3 / 4, abs=5)
    assert rows.max() == pytest.approx(MARGIN + side * 66 / 72, abs=5)


@pytest.mark.parametrize(("size", "title"), [((4000, 3), "9" * 500), ((3, 4000), ""), ((1, 1), "数字")])
def test_no_picture_and_no_text_is_too_long_for_the_card(size: tuple[int, int], title: str) -> None:
    assert _card(Image.new("L", size), size, title=title).shape[1] == WIDTH
