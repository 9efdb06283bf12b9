"""Several modules: numbers in boxes, cells and tables and on lines are read as a whole by the shipped CNN.

``tests.benchmarks.pictures`` measures many more, of MNIST's digits.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.bundles.bundle import pretrained
from core.datasets.synthetic.handwriting import render
from core.images.components import EDGE, RULING
from core.images.digits import LeftOut
from core.images.normalise import normalise
from core.images.picture_kind import DIGIT
from core.inference.classifier import Classifier
from core.inference.picture_reading import Prepared, answer, as_text, prepare, prepare_upright
from tests.benchmarks.pictures import numbers_right
from tests.images.cases import png_bytes
from tests.images.forms import FAMILIES, finished, row_of
from tests.images.pens import written
from tests.pictures import encoded

COUNT = 3  # pictures of a family
BROUGHT = sorted(Path(__file__).with_name("brought").glob("*.png"))  # drawn after pictures misread once
NAMES = [name for name in FAMILIES if name != "sideways"]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(pretrained("cnn"))


@pytest.fixture(scope="module")
def digits(classifier: Classifier) -> tuple[np.ndarray, np.ndarray]:
    """Return digits in one piece that are read right when written alone, and their labels."""
    labels = np.arange(60) % 10
    drawn = render(labels, seed=67)
    alone = np.stack([normalise(written(digit, 60, 5)) for digit in drawn])
    kept = classifier.probabilities(alone)[np.arange(60), labels] > 0.9
    kept &= np.array([cv2.connectedComponents((digit > 40).astype(np.uint8))[0] == 2 for digit in drawn])
    return drawn[kept], labels[kept]


@pytest.mark.parametrize("quarters", [1, 3])
def test_digits_that_are_others_upside_down_are_read_as_they_stand_on_a_line(
    quarters: int, digits: tuple[np.ndarray, np.ndarray], classifier: Classifier
) -> None:
    chosen = [digits[0][digits[1] == label][0] for label in (1, 1, 9, 6, 8)]
    sheet = finished(row_of(chosen, np.random.default_rng(5), height=60).ink, np.random.default_rng(1))
    data = png_bytes(np.ascontiguousarray(np.rot90(sheet, quarters)))

    prepared = prepare_upright(lambda turn: prepare(data, "side.png", turn=turn), classifier)

    assert as_text(answer(prepared, classifier)) == "11968"


@pytest.mark.parametrize("kind", [EDGE, RULING])
def test_a_single_digit_between_edges_or_lines_of_the_paper_is_not_turned(
    kind: str, classifier: Classifier
) -> None:
    sheet = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(sheet).text((60, 60), "?", fill=20, font=ImageFont.load_default(80))
    found = prepare(encoded(sheet), "digit.png")
    (glyph,) = found.reading.glyphs
    marks = (LeftOut(kind, glyph),) * 2
    reading = replace(found.reading, left_out=marks)

    def prepare_turned(turn: int) -> Prepared:
        assert not turn
        return replace(found, reading=reading)

    prepare_upright(prepare_turned, classifier)


def test_a_printed_word_is_not_turned_on_its_side_to_read_digits_in_it(classifier: Classifier) -> None:
    sheet = Image.new("L", (520, 140), 255)
    ImageDraw.Draw(sheet).text((20, 20), "HELLO YOU", fill=20, font=ImageFont.load_default(80))
    data = encoded(sheet)

    assert prepare_upright(lambda turn: prepare(data, "word.png", turn=turn), classifier).turn == 0


@pytest.mark.parametrize("name", NAMES)
def test_numbers_of_every_family_are_read_as_a_whole(
    name: str, digits: tuple[np.ndarray, np.ndarray], classifier: Classifier
) -> None:
    right = numbers_right(name, FAMILIES[name], *digits, classifier, COUNT)
    assert sum(right) >= COUNT - 1, right


@pytest.mark.parametrize("path", BROUGHT, ids=lambda path: path.stem)
def test_pictures_that_were_misread_once_are_read_right_and_taken_for_digits(
    path: Path, classifier: Classifier
) -> None:
    data = path.read_bytes()
    prepared = prepare_upright(lambda turn: prepare(data, path.name, turn=turn), classifier)

    assert as_text(answer(prepared, classifier)).replace(" / ", "-") == path.stem.rpartition("_")[2]
    assert prepared.kind == DIGIT
