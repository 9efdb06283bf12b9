from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import Bundle
from core.errors import BundleError
from core.explain.row_probabilities import row_probabilities
from core.inference.classifier import Classifier


def test_the_last_row_is_the_networks_answer(rnn_bundle: Bundle, digit: np.ndarray) -> None:
    classifier = Classifier(rnn_bundle)
    rows = row_probabilities(classifier, digit)
    assert rows.shape == (28, 10)
    np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(rows[-1], classifier.probabilities(digit[None])[0], rtol=1e-5)


def test_later_rows_do_not_change_the_probabilities(rnn_bundle: Bundle, digit: np.ndarray) -> None:
    classifier = Classifier(rnn_bundle)
    upper = digit.copy()
    upper[14:] = 0
    np.testing.assert_allclose(
        row_probabilities(classifier, upper)[:14], row_probabilities(classifier, digit)[:14], rtol=1e-5
    )


def test_a_cnn_has_no_row_probabilities(cnn_bundle: Bundle, digit: np.ndarray) -> None:
    with pytest.raises(BundleError) as caught:
        row_probabilities(Classifier(cnn_bundle), digit)
    assert caught.value.message.key == "explain.no_rows"
