from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.errors import ImageError
from core.images.shared_picture import MAX_BYTES, MAX_CHARACTERS, from_code, small_copies, to_code
from tests.pictures import photograph


def test_a_picture_becomes_a_short_link_and_is_the_same_file_again() -> None:
    picture = Image.open(io.BytesIO(photograph(2, 4, 7)))

    copies = list(small_copies(picture))

    assert copies
    assert all(len(copy) <= MAX_BYTES for copy in copies)
    widths = [Image.open(io.BytesIO(copy)).width for copy in copies]
    assert widths == sorted(set(widths), reverse=True), "the largest comes first, each size once"
    code = to_code(copies[0])
    assert len(code) <= MAX_CHARACTERS
    assert from_code(code) == copies[0]


def test_noise_becomes_small_rather_than_long() -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8))

    assert all(len(copy) <= MAX_BYTES for copy in small_copies(noise))


@pytest.mark.parametrize(
    ("code", "key"), [("not base64!", "images.link_damaged"), ("A" * 100_000, "images.link_too_long")]
)
def test_a_damaged_link_is_one_error(code: str, key: str) -> None:
    with pytest.raises(ImageError) as caught:
        from_code(code)
    assert caught.value.message.key == key
