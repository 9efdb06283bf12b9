from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.images.memory import MIB, needed
from tests.pictures import encoded

REDUCED = 1000  # pixels
KINDS = [("PNG", "L"), ("PNG", "RGBA"), ("TIFF", "CMYK"), ("TIFF", "F"), ("WEBP", "RGBA"), ("GIF", "P")]


def estimated(data: bytes) -> int:
    with Image.open(io.BytesIO(data)) as image:
        return needed(image, data, image.size, REDUCED)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from(
        [("PNG", "L"), ("PNG", "RGBA"), ("TIFF", "CMYK"), ("TIFF", "F"), ("WEBP", "RGBA"), ("GIF", "P")]
    ),
)
def test_the_estimate_is_at_least_the_picture_and_its_file_and_grows_with_the_picture(
    width: int, height: int, kind: tuple[str, str]
) -> None:
    small = encoded(Image.new(kind[1], (width, height)), kind[0])
    large = encoded(Image.new(kind[1], (2 * width, 2 * height)), kind[0])
    with Image.open(io.BytesIO(small)) as image:
        own = len(image.tobytes())

    assert estimated(small) >= own + len(small)
    assert estimated(large) - len(large) >= estimated(small) - len(small)


def test_deep_pictures_need_more_than_shallow_ones() -> None:
    files = [encoded(Image.new(mode, (2000, 1000)), "TIFF") for mode in ("L", "I;16", "F")]
    grey, deep, floats = (estimated(data) - len(data) for data in files)  # the file is in memory besides
    assert (deep - grey, floats - grey) == (2000 * 1000, 3 * 2000 * 1000)


def test_a_progressive_jpeg_needs_its_coefficients_at_full_size() -> None:
    image = Image.new("RGB", (2000, 1000))
    ordinary, progressive, fine = (
        encoded(image, "JPEG", **options)
        for options in ({}, {"progressive": True}, {"progressive": True, "subsampling": 0})
    )
    needs = []
    for data in (ordinary, progressive, fine):
        with Image.open(io.BytesIO(data)) as opened:
            opened.draft(None, (250, 125))
            needs.append(needed(opened, data, (2000, 1000), 2000 * 1000))

    assert needs[0] < needs[1] < needs[2]
    assert needs[2] > 2000 * 1000 * 3 * 2


@pytest.mark.parametrize("tags", [{322: 60_000, 323: 60_000}, {278: 9}])
def test_a_tiff_needs_its_largest_tile_beside_the_picture(tags: dict[int, int]) -> None:
    data = encoded(Image.new("RGB", (10, 10)), "TIFF", compression="tiff_lzw")
    with Image.open(io.BytesIO(data)) as image:
        image.tag_v2._tags_v2.update(tags)  # type: ignore[attr-defined]
        need = needed(image, data, image.size, REDUCED)

    assert (need > 1000 * MIB) == (322 in tags)
