from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PIL import Image

from core.contract.glyph_layouts import EMNIST_LAYOUT
from core.contract.preprocessing import GLYPH, WHOLE, standard
from core.datasets.synthetic.handwriting import render
from core.errors import ImageError
from core.images.components import EDGE, FAINT, RULING
from core.images.digits import LeftOut
from core.images.encode import png
from core.images.grid import grid
from core.images.picture_kind import SIGN
from core.inference.classifier import Classifier
from core.inference.picture_reading import (
    Answer,
    Verdict,
    answer,
    answer_left_out,
    as_text,
    ensemble,
    glyphs_for,
    prepare,
    probability_of_all,
    verdict,
)
from tests.refusals import raises


@pytest.fixture(scope="module")
def classifier(cnn_bundle) -> Classifier:
    return Classifier(cnn_bundle)


@pytest.fixture(scope="module")
def paper() -> bytes:
    """Return a picture of four digits in a row, in dark ink on light paper."""
    return png(grid(255 - render(np.array([2, 0, 4, 7]), seed=4), columns=4, gap=0, scale=4))


def test_each_glyph_of_a_picture_gets_an_answer_in_reading_order(paper, classifier):
    prepared = prepare(paper, "paper.png")
    answers = answer(prepared, classifier)
    assert prepared.name == "paper.png"
    assert len(answers) == len(prepared.reading.glyphs) == 4
    lefts = [given.glyph.box[0] for given in answers]
    assert lefts == sorted(lefts)


def test_an_answer_is_the_likeliest_class_with_its_probability(paper, classifier):
    prepared = prepare(paper, "paper.png")
    pixels = np.stack([glyph.pixels for glyph in prepared.reading.glyphs])
    expected = classifier.probabilities(pixels)
    for given, probabilities in zip(answer(prepared, classifier), expected, strict=True):
        assert np.array_equal(given.probabilities, probabilities)
        assert given.probability == probabilities.max()
        assert given.label == "0123456789"[probabilities.argmax()]


def test_networks_get_28_by_28_pixels_with_light_ink_on_black(paper):
    for glyph in prepare(paper, "paper.png").reading.glyphs:
        assert (glyph.pixels.shape, glyph.pixels.dtype) == ((28, 28), np.uint8)
        assert np.median(glyph.pixels) == 0
        assert glyph.pixels.max() > 128


def test_a_network_for_whole_pictures_gives_one_answer_for_the_picture(paper, cnn_bundle):
    card = dataclasses.replace(cnn_bundle.card, preprocessing=standard(WHOLE, (28, 28, 1)))
    answers = answer(prepare(paper, "paper.png"), Classifier(dataclasses.replace(cnn_bundle, card=card)))
    assert [given.glyph.box for given in answers] == [(0, 0, 448, 112)]
    assert answers[0].label in card.classes


def test_what_a_network_reads_does_not_depend_on_its_classes(paper, cnn_bundle):
    card = dataclasses.replace(cnn_bundle.card, classes=tuple("abcdefghij"))
    assert (
        len(answer(prepare(paper, "paper.png"), Classifier(dataclasses.replace(cnn_bundle, card=card)))) == 4
    )


def test_glyphs_get_the_size_channels_and_polarity_that_a_network_reads(paper):
    prepared = prepare(paper, "paper.png")
    record = dataclasses.replace(standard(GLYPH, (32, 32, 3)), polarity="dark_on_light")
    for glyph, original in zip(glyphs_for(prepared, record), prepared.reading.glyphs, strict=True):
        resized = Image.fromarray(original.pixels).resize((32, 32), Image.Resampling.BOX)
        assert np.array_equal(glyph.pixels, np.stack([255 - np.asarray(resized)] * 3, axis=-1))
        assert (glyph.box, glyph.line) == (original.box, original.line)


def test_an_empty_page_has_no_answers(classifier):
    empty = prepare(png(grid(np.full((1, 200, 200), 255, np.uint8))), "empty.png")
    assert answer(empty, classifier) == []


def test_an_invalid_picture_is_refused():
    with raises(ImageError, "images.not_a_picture", name="notes.txt"):
        prepare(b"milk, bread", "notes.txt")


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.97, Verdict.READ), (0.9, Verdict.READ), (0.7, Verdict.UNSURE), (0.5, Verdict.UNKNOWN)],
)
def test_a_probability_below_the_threshold_is_unsure_and_at_most_half_unknown(probability, expected):
    assert verdict(probability, refuse_below=0.9) is expected


def test_the_verdict_of_a_network_uses_the_threshold_of_its_card(paper, classifier):
    for given in answer(prepare(paper, "paper.png"), classifier):
        assert given.verdict is verdict(given.probability, classifier.card.refuse_below)


def test_networks_combined_answer_with_the_mean_of_their_probabilities(paper, classifier, rnn_bundle):
    prepared, other = prepare(paper, "paper.png"), Classifier(rnn_bundle)
    one, two = answer(prepared, classifier), answer(prepared, other)
    for given, first, second in zip(ensemble([classifier, other], [one, two]), one, two, strict=True):
        assert np.allclose(given.probabilities, (first.probabilities + second.probabilities) / 2)
        assert given.probability == given.probabilities.max()
        assert given.glyph is first.glyph


def test_a_reading_shows_its_lines_and_marks_glyphs_of_no_class(paper, classifier):
    answers = answer(prepare(paper, "paper.png"), classifier)
    below = dataclasses.replace(answers[0].glyph, line=1)
    told = [
        _as(answers[0], "2"),
        _as(answers[1], "0", verdict=Verdict.UNKNOWN),
        _as(answers[2], "4", glyph=below),
    ]
    assert as_text(told) == "2? / 4"
    assert as_text([]) == "–"


def _as(given: Answer, label: str, **others: object) -> Answer:
    return dataclasses.replace(given, **{"label": label, "verdict": Verdict.READ, **others})


def test_a_mark_left_out_that_looks_like_a_digit_lowers_the_probability_of_the_whole(paper, classifier):
    prepared = prepare(paper, "paper.png")
    glyphs = prepared.reading.glyphs
    given = [dataclasses.replace(one, probability=0.9) for one in answer(prepared, classifier)]
    for kind, expected in ((FAINT, 0.25), (RULING, 0.9)):
        tallest = max(glyphs, key=lambda glyph: glyph.box[3] - glyph.box[1])
        reading = dataclasses.replace(prepared.reading, left_out=(LeftOut(kind, tallest),))
        marked = dataclasses.replace(prepared, reading=reading)
        (like,) = answer_left_out(marked, classifier)
        like = dataclasses.replace(like, probability=0.75, verdict=Verdict.READ)
        assert probability_of_all(given, marked, [like]) == pytest.approx(expected)


def test_a_long_edge_of_the_paper_that_looks_like_a_1_leaves_the_probability_as_it_is(paper, classifier):
    prepared = prepare(paper, "paper.png")
    given = answer(prepared, classifier)
    strip = LeftOut(EDGE, dataclasses.replace(given[0].glyph, box=(0, 0, 10, 100)))
    marked = dataclasses.replace(prepared, reading=dataclasses.replace(prepared.reading, left_out=(strip,)))
    like = dataclasses.replace(given[0], probability=0.99, verdict=Verdict.READ)
    assert probability_of_all(given, marked, [like]) == probability_of_all(given, prepared, [])


def _written(text: str) -> tuple[bytes, list[str]]:
    """Return a picture of the rings and bars in a text of "o", "|", spaces and line breaks, and these."""
    sheet = np.full((400, 900), 245, np.uint8)
    for row, line in enumerate(text.split("\n")):
        for column, sign in enumerate(line):
            x, y = 60 + 70 * column, 40 + 180 * row
            if sign == "|":
                sheet[y : y + 100, x + 22 : x + 32] = 20
            elif sign == "o":
                sheet[y : y + 100, x : x + 50] = 20
                sheet[y + 10 : y + 90, x + 10 : x + 40] = 245
    return png(Image.fromarray(sheet)), [sign for sign in text if sign in "o|"]


class _Signs(Classifier):
    """A network of letters and digits that takes a ring for O or 0 and a bar for 7, by their widths."""

    def __init__(self, bundle) -> None:
        preprocessing = standard(GLYPH, (28, 28, 1), EMNIST_LAYOUT)
        self.bundle = bundle
        self.card = dataclasses.replace(
            bundle.card, classes=("0", "7", "O"), subject=SIGN, preprocessing=preprocessing, refuse_below=0.0
        )
        self.seen: list[np.ndarray] = []

    def logits(self, images: np.ndarray) -> np.ndarray:
        self.seen.extend(images)
        is_wide = np.array([np.ptp(np.nonzero(image.any(axis=0))[0]) > 8 for image in images])
        return np.where(is_wide[:, None], [2.0, -5.0, 2.2], [-5.0, 9.0, -5.0])

    def are_strange(self, images: np.ndarray) -> np.ndarray:
        return np.zeros(len(images), bool)


def test_letters_and_digits_keep_spaces_and_lines_and_neighbours_decide(cnn_bundle):
    picture, signs = _written("|o|  oo\no")
    reader = _Signs(cnn_bundle)
    answers = answer(prepare(picture, "text.png"), reader)
    assert len(answers) == len(signs)
    assert as_text(answers) == "707 00 / O"
    assert [given.look_alike for given in answers] == [None, None, None, "O", "O", "0"]
    assert [given.verdict is Verdict.UNSURE for given in answers] == [False] * 3 + [True] * 3
    heights = [np.ptp(np.nonzero((image > 128).any(axis=1))[0]) + 1 for image in reader.seen]
    assert set(heights) == {24}, "EMNIST's layout"


def test_digits_are_read_without_spaces(paper, classifier):
    assert " " not in as_text(answer(prepare(_written("| |")[0], "text.png"), classifier))
