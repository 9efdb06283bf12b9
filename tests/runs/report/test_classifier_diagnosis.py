"""Findings about classifiers that have learnt nothing."""

from __future__ import annotations

import numpy as np
import pytest

from core.contract.config import ClassifierConfig, GanConfig, TrainingConfig
from core.contract.events import Finished
from core.runs.report.classifier_diagnosis import diagnose_end

EVEN = np.full((10, 10), 10)  # guesses: 1,000 images, of which 100 are right
ONE_CLASS = np.eye(10)[[3] * 10] * 100
LN_10 = 2.3026


def finished(confusion: np.ndarray, loss: float, steps: int = 1000) -> Finished:
    accuracy = float(np.trace(confusion) / confusion.sum())
    return Finished(
        steps,
        1.0,
        metrics={"test_accuracy": accuracy, "test_loss": loss},
        confusion=confusion.astype(int).tolist(),
    )


@pytest.mark.parametrize(("confusion", "loss"), [(EVEN, LN_10), (EVEN, 40.0), (ONE_CLASS, LN_10)])
def test_guesses_and_one_answer_for_all_images_are_found(confusion: np.ndarray, loss: float) -> None:
    finding = diagnose_end(ClassifierConfig(), finished(confusion, loss))

    assert finding is not None
    assert finding.kind == "bad"
    assert "10.0%" in finding.text


@pytest.mark.parametrize(
    ("confusion", "loss"),
    [
        (EVEN + 5 * np.eye(10), 2.2),  # few are right, but more than by chance
        (EVEN + 90 * np.eye(10), 4.0),  # it knows much and overstates all of it
        (EVEN, 2.2),  # its probabilities tell something, though its first answers do not
        (np.diag([1000, 0, 0]), 0.01),  # all test images are of one class, and that is the answer
    ],
)
def test_a_network_that_learnt_little_is_not_said_to_have_learnt_nothing(
    confusion: np.ndarray, loss: float
) -> None:
    assert diagnose_end(ClassifierConfig(), finished(confusion, loss)) is None


@pytest.mark.parametrize(
    ("config", "steps", "words"),
    [
        (ClassifierConfig(learning_rate=1.0), 1000, "1 is probably too high: try again with 0.002"),
        (ClassifierConfig(), 40, "only 40 steps"),
        (ClassifierConfig(learning_rate=1e-6), 1000, "1e-06 is probably too low"),
        (ClassifierConfig(), 1000, "right classes"),
    ],
)
def test_the_setting_that_differs_most_from_the_usual_is_to_be_changed(
    config: TrainingConfig, steps: int, words: str
) -> None:
    finding = diagnose_end(config, finished(EVEN, LN_10, steps))

    assert finding is not None
    assert words in finding.text


def test_a_gan_and_a_run_without_test_figures_have_no_finding() -> None:
    assert diagnose_end(GanConfig(), finished(EVEN, LN_10)) is None
    assert diagnose_end(ClassifierConfig(), Finished(10, 1.0)) is None
