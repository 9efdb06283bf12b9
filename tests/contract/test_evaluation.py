from __future__ import annotations

import keras
import numpy as np
import pytest

from core.contract.evaluation import (
    ClassifiedImages,
    count_in_cell,
    evaluate,
    expected_calibration_error,
    filled_cells,
    fit_temperature,
    images_by_cell,
    log_sum_exp,
    places_in_cell,
    refusal_threshold,
    softmax,
)

RANDOM = np.random.default_rng(0)
LOGITS = RANDOM.normal(0, 3, (200, 4)).astype(np.float32)
LABELS = RANDOM.integers(0, 4, 200)


def test_the_loss_is_the_cross_entropy_of_keras():
    expected = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(LABELS, LOGITS)
    assert evaluate(LOGITS, LABELS).loss == pytest.approx(float(expected), rel=1e-5)


def test_the_accuracy_is_that_of_keras():
    expected = np.mean(keras.metrics.sparse_categorical_accuracy(LABELS, LOGITS))
    assert evaluate(LOGITS, LABELS).accuracy == pytest.approx(float(expected))


def test_rows_of_the_confusion_matrix_are_true_classes_and_columns_predicted_ones():
    logits = np.eye(3)[[0, 1, 1, 2, 0]]
    found = evaluate(logits, np.array([0, 0, 1, 2, 2])).confusion
    assert found.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 1]]


def test_the_confusion_matrix_counts_every_image_and_its_diagonal_the_correct_ones():
    result = evaluate(LOGITS, LABELS)
    assert result.confusion.sum() == len(LABELS)
    assert np.trace(result.confusion) == round(result.accuracy * len(LABELS))
    assert result.confusion.sum(axis=1).tolist() == np.bincount(LABELS, minlength=4).tolist()


def test_a_class_that_is_neither_true_nor_predicted_has_a_row_and_a_column():
    assert evaluate(np.eye(5)[[0, 1]], np.array([0, 1])).confusion.shape == (5, 5)


def test_probabilities_sum_to_one_and_rank_like_the_logits():
    found = softmax(LOGITS)
    assert np.allclose(found.sum(axis=1), 1)
    assert np.array_equal(found.argsort(axis=1), LOGITS.argsort(axis=1))


def test_logits_in_the_ten_thousands_do_not_overflow():
    logits = np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, -1e4]], np.float32)
    assert np.allclose(softmax(logits), [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]], rtol=1e-4)
    assert np.allclose(log_sum_exp(logits)[:, 0], [1e4, np.log(3) - 1e4])
    assert evaluate(logits, np.array([2, 0])).loss == pytest.approx((2e4 + np.log(3)) / 2)


# calibration


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_temperature_by_which_logits_were_scaled_is_found(temperature):
    logits = RANDOM.normal(0, 2, (20_000, 4))
    cumulated = softmax(logits).cumsum(axis=1)
    labels = (
        (RANDOM.random((20_000, 1)) > cumulated).sum(axis=1).clip(0, 3)
    )  # drawn with the probabilities of the logits
    assert fit_temperature(logits * temperature, labels) == pytest.approx(temperature, rel=0.05)


def test_no_other_temperature_gives_a_lower_loss():
    labels = np.where(np.arange(200) % 5, LOGITS.argmax(axis=1), LABELS)  # mostly correct
    best = fit_temperature(LOGITS, labels)
    losses = [evaluate(LOGITS / t, labels).loss for t in (best, best * 0.97, best * 1.03)]
    assert min(losses) == losses[0]


def test_a_temperature_does_not_change_the_likeliest_class():
    cooled = softmax(LOGITS / fit_temperature(LOGITS, LABELS))
    assert np.array_equal(cooled.argmax(axis=1), LOGITS.argmax(axis=1))


def test_the_calibration_error_is_the_gap_of_each_bin_weighted_by_its_images():
    """Compute equation 3 of Guo et al. 2017 bin by bin."""
    probabilities = softmax(LOGITS)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == LABELS
    expected = 0.0
    for low in np.arange(15) / 15:
        inside = (confidence >= low) & (confidence < low + 1 / 15)
        if inside.any():
            expected += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    assert expected_calibration_error(probabilities, LABELS) == pytest.approx(expected)


def test_probability_1_has_no_calibration_error_when_correct_and_the_largest_when_wrong():
    certain = np.eye(4)[LABELS]
    assert expected_calibration_error(certain, LABELS) == 0.0
    assert expected_calibration_error(certain, (LABELS + 1) % 4) == 1.0


def test_the_threshold_keeps_the_requested_share_of_images():
    probabilities = softmax(np.random.default_rng(0).normal(size=(1000, 10)) * 3)
    threshold = refusal_threshold(probabilities, kept=0.9)
    assert (probabilities.max(axis=1) >= threshold).sum() == 900


def test_each_cell_keeps_the_most_probable_mistakes_or_the_least_probable_correct_answers():
    images = np.arange(200, dtype=np.uint8).reshape(200, 1, 1, 1)  # each image holds its index
    kept = images_by_cell(images, LABELS, LOGITS, most=3)
    probability, predicted = softmax(LOGITS).max(axis=1), LOGITS.argmax(axis=1)
    for truth in range(4):
        for said in range(4):
            inside = np.flatnonzero((truth == LABELS) & (predicted == said))
            inside = inside[np.argsort(probability[inside])]
            wanted = inside[:3] if truth == said else inside[::-1][:3]
            found = kept.images[(kept.labels == truth) & (kept.predicted == said)].ravel()
            assert found.tolist() == wanted.tolist()
    assert kept.probability == pytest.approx(probability[kept.images.ravel()])


CONFUSION = np.array([[5, 1, 0], [0, 4, 3], [0, 0, 0]])
CLASSIFIED = ClassifiedImages(
    images=np.zeros((5, 2, 2, 1), np.uint8),
    labels=np.array([0, 1, 1, 0, 0], np.uint8),
    predicted=np.array([1, 2, 2, 0, 0], np.uint8),
    probability=np.array([0.7, 0.6, 0.9, 0.8, 0.5], np.float32),
)


def test_cells_with_images_are_listed_with_the_most_frequent_mistakes_first():
    assert filled_cells(CONFUSION) == [(1, 2), (0, 1), (0, 0), (1, 1)]
    assert filled_cells(np.zeros((3, 3), int)) == []


def test_the_images_of_a_cell_are_counted_and_without_a_cell_all_mistakes():
    assert [count_in_cell(CONFUSION, cell) for cell in ((0, 0), (1, 2), (2, 2), None)] == [5, 3, 0, 4]


@pytest.mark.parametrize(
    ("cell", "places"), [(None, [2, 0, 1]), ((1, 2), [2, 1]), ((0, 0), [4, 3]), ((2, 2), [])]
)
def test_the_most_surprising_images_of_a_cell_come_first(cell, places):
    assert places_in_cell(CLASSIFIED, cell) == places
