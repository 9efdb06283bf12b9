from __future__ import annotations

import io

import pytest
from PIL import Image

from core.runs.report import training_film as module
from core.runs.report.training_film import training_film


@pytest.fixture
def pictures(tmp_path):
    paths = [tmp_path / f"{level}.png" for level in range(0, 250, 50)]
    for level, path in enumerate(paths):
        Image.new("RGB", (8, 6), (50 * level, 0, 0)).save(path)
    return paths


def frames(film: bytes) -> list[int]:
    with Image.open(io.BytesIO(film)) as opened:
        assert (opened.format, opened.size) == ("WEBP", (8, 6))
        found = []
        for number in range(opened.n_frames):
            opened.seek(number)
            found.append(opened.convert("RGB").getpixel((4, 3))[0])
        return found


def test_a_film_shows_the_drawings_in_their_order(pictures):
    assert frames(training_film(pictures)) == pytest.approx([0, 50, 100, 150, 200], abs=8)


def test_a_long_record_is_shown_by_some_of_its_drawings_with_the_first_and_the_last(pictures, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    assert frames(training_film(pictures)) == pytest.approx([0, 100, 200], abs=8)
