from __future__ import annotations

import numpy as np
import pytest

from core.contract.dataset_info import DIGITS
from core.figures import classification
from core.figures.classification import NetworkAnswer
from tests.figures.checked import checked

confusion_matrix = checked(classification.confusion_matrix)
ranked_probabilities = checked(classification.ranked_probabilities)

CLASSES = DIGITS
SURE = np.array([0.0, 0.01, 0.02, 0.9, 0.03, 0.02, 0.01, 0.01, 0.0, 0.0])
UNSURE = np.array([0.1, 0.05, 0.05, 0.3, 0.05, 0.25, 0.05, 0.05, 0.05, 0.05])
BOTH = [NetworkAnswer("Deep CNN", "cnn", SURE), NetworkAnswer("LSTM", "rnn", UNSURE)]


def test_the_likeliest_classes_come_first_from_the_top():
    figure = ranked_probabilities(BOTH[:1], CLASSES, most=3)
    (bars,) = figure.data
    assert [label.strip() for label in bars.y][::-1][0] == "3"  # Plotly draws the last bar on top
    assert list(bars.x) == sorted(bars.x)
    assert len(bars.x) == 3


def test_every_network_has_a_bar_for_each_class_shown():
    figure = ranked_probabilities(BOTH, CLASSES, most=4)
    bars_of = {bars.name: bars for bars in figure.data}
    assert list(bars_of["LSTM"].y) == list(bars_of["Deep CNN"].y)
    for answer in BOTH:
        bars = bars_of[answer.title]
        shown = [CLASSES.index(label.strip()) for label in bars.y]
        assert list(bars.x) == pytest.approx(100 * answer.probabilities[shown])


def test_networks_differ_in_both_pattern_and_colour():
    figure = ranked_probabilities(BOTH, CLASSES)
    patterns = {bars.marker.pattern.shape for bars in figure.data}
    colours = {bars.marker.color for bars in figure.data}
    assert len(patterns) == len(colours) == 2


def test_two_networks_of_one_family_still_differ():
    figure = ranked_probabilities([BOTH[0], BOTH[0]], CLASSES)
    assert len({bars.marker.pattern.shape for bars in figure.data}) == 2


def test_all_networks_are_drawn_when_there_are_more_than_patterns():
    assert len(ranked_probabilities(BOTH * 9, CLASSES).data) == 18


def test_probabilities_are_in_per_cent_with_numbers_beside_the_bars():
    figure = ranked_probabilities(BOTH[:1], CLASSES, most=10)
    assert figure.layout.xaxis.title.text == "Probability (%)"
    texts = dict(zip((label.strip() for label in figure.data[0].y), figure.data[0].text, strict=True))
    assert (texts["3"], texts["0"]) == ("90.0%", "< 0.1%")


def test_a_model_with_few_classes_shows_them_all():
    figure = ranked_probabilities([NetworkAnswer("a", "cnn", np.array([0.3, 0.7]))], ("cat", "dog"))
    assert [label.strip() for label in figure.data[0].y] == ["cat", "dog"]


# the confusion matrix

COUNTS = np.array([[50, 2, 0], [1, 40, 9], [0, 0, 1234]])


def test_every_count_of_the_confusion_matrix_is_drawn_in_its_cell():
    squares, _ = confusion_matrix(COUNTS, ("a", "b", "c")).data
    drawn = {(y, x): n for x, y, (n, _) in zip(squares.x, squares.y, squares.customdata, strict=True)}
    assert drawn == {(i, j): COUNTS[i, j] for i in range(3) for j in range(3)}


def test_counts_are_written_out_and_zeros_are_left_out():
    on_dark, on_pale = confusion_matrix(COUNTS, ("a", "b", "c")).data
    assert [a + b for a, b in zip(on_dark.text, on_pale.text, strict=True)] == [
        *("50", "2", "", "1", "40", "9", "", "", "1,234")
    ]


def test_counts_are_white_only_on_dark_squares():
    on_dark, on_pale = confusion_matrix(COUNTS, ("a", "b", "c")).data
    assert [text for text in on_dark.text if text] == ["50", "1,234"]
    assert on_dark.textfont.color == "white"
    assert on_pale.textfont.color is None  # that of the page


def test_the_shade_of_a_square_is_its_share_of_the_row():
    squares, _ = confusion_matrix(COUNTS, ("a", "b", "c")).data
    shares = (COUNTS / COUNTS.sum(axis=1, keepdims=True)).ravel()
    assert np.allclose([share for _, share in squares.customdata], 100 * shares)
    assert np.array_equal(np.argsort(squares.marker.color), np.argsort(shares))
    assert (squares.marker.cmin, squares.marker.cmax) == (0, 1)


def test_rows_are_true_classes_from_the_top_and_columns_predicted_ones():
    layout = confusion_matrix(COUNTS, ("a", "b", "c")).layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("Predicted class", "True class")
    assert layout.yaxis.autorange == "reversed"
    for axis in (layout.xaxis, layout.yaxis):
        assert (list(axis.tickvals), list(axis.ticktext)) == ([0, 1, 2], ["a", "b", "c"])


def test_a_class_without_images_is_an_empty_row():
    counts = np.array([[5, 0], [0, 0]])
    squares, _ = confusion_matrix(counts, ("a", "b")).data
    assert list(squares.marker.color) == [1.0, 0.0, 0.0, 0.0]


def test_counts_may_be_lists_as_in_a_run_s_record():
    assert len(confusion_matrix([[1, 0], [0, 1]], ("a", "b")).data[0].x) == 4
