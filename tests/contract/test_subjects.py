from __future__ import annotations

import pytest

from core.contract.subjects import OTHER, OTHER_IN_COLOUR, SUBJECTS, is_pixel_art, subject


def test_a_subject_without_an_entry_has_the_words_for_any_picture():
    assert subject("digit", 1) is SUBJECTS["digit"]
    assert subject("own", 3) is OTHER_IN_COLOUR
    assert subject("no such thing", 1) is OTHER


def test_only_what_is_written_is_drawn_by_pen_and_has_a_stroke_weight():
    for name, one in SUBJECTS.items():
        assert one.is_drawn_by_pen == ("stroke_weight" in one.properties) == (name in ("digit", "letter"))


@pytest.mark.parametrize(
    ("name", "side", "expected"),
    [("Pixel Art", 64, True), ("pixel-art", 64, True), ("Micah", 64, False), ("anything", 16, True)],
)
def test_pixel_art_is_told_by_the_name_of_its_class_or_its_few_pixels(name: str, side: int, expected: bool):
    assert is_pixel_art(name, (side, side, 3)) is expected
