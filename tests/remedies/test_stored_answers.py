from __future__ import annotations

from pathlib import Path

import numpy as np

from core.errors import BundleError
from core.remedies.stored_answers import EACH, StoredAnswers, first_of_each_class, read_answers, write_answers
from tests.refusals import raises

PROBABILITIES = np.array([[1 - 2e-6, 1e-6, 1e-6], [0.2, 0.5, 0.3], [0.0, 0.0, 1.0]])


def test_probabilities_are_kept_to_one_per_cent_and_small_doubts_too(tmp_path: Path) -> None:
    answers = StoredAnswers(
        np.array([0, 1, 2], np.uint8),
        np.zeros((3, 1, 2, 2, 1), np.uint8),
        {"a": PROBABILITIES},
        {"a": PROBABILITIES[:1]},
    )
    write_answers(answers, tmp_path / "answers.npz")

    found, foreign = read_answers(tmp_path / "answers.npz").of("a")

    np.testing.assert_allclose(found, PROBABILITIES, rtol=0.01, atol=2e-7)
    np.testing.assert_allclose(1 - found[0, 0], 2e-6, rtol=0.05)
    assert foreign.shape == (1, 3)


def test_the_first_images_of_each_class_are_shown() -> None:
    labels = np.tile([0, 1], 30)
    images = np.arange(60, dtype=np.uint8).reshape(60, 1, 1, 1)

    found = first_of_each_class(images, labels)

    assert found.shape == (2, EACH, 1, 1, 1)
    np.testing.assert_array_equal(found[1].ravel(), np.arange(1, 2 * EACH, 2))


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "answers.npz").write_bytes(b"no file")

    with raises(BundleError, "remedies.unreadable", file="answers.npz"):
        read_answers(tmp_path / "answers.npz")
