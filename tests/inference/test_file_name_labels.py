from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.inference.file_name_labels import label_in

DIGITS = tuple("0123456789")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("7/img1.png", "7"),
        ("test/7/img1.png", "7"),
        ("7/3.png", "7"),  # the folder takes precedence over the file
        ("three_5.png", "3"),
        ("label_3-0001.png", "3"),
        ("scan-0001-label-4.png", "4"),
        ("class 9/a.png", "9"),
        ("Five.PNG", "5"),
        ("2.png", "2"),
        ("2_0001.png", "2"),
        ("IMG_2041.jpg", None),
        ("photo.png", None),
        ("10/a.png", None),
        ("2026-11-24/a.png", None),
        ("", None),
    ],
)
def test_names_of_folders_and_files_give_the_class(name: str, label: str | None) -> None:
    assert label_in(name, DIGITS) == label


def test_classes_that_are_words_are_found_too() -> None:
    assert label_in("Shirt/1.png", ("Shirt", "Bag")) == "Shirt"


@given(st.text(max_size=100))
def test_any_name_gives_a_known_class_or_none(name: str) -> None:
    assert label_in(name, DIGITS) in (None, *DIGITS)
