from __future__ import annotations

import numpy as np
import pytest

from core.contract.dataset_info import DIGITS
from core.contract.events import GanSteps, SamplePredictions
from core.runs import Run
from core.runs.report.gan_diagnosis import Finding, diagnose, entropy, steps_won
from core.runs.report.history import History

CLASSES = DIGITS
EVEN = [20] * 10


def findings(run: Run, *events, conditional: bool = True) -> list[Finding]:
    for event in events:
        run.record.append(event)
    return diagnose(History(run).refresh(), CLASSES, conditional)


def steps(count: int, loss: float, real: float, fake: float) -> GanSteps:
    return GanSteps(count, [loss] * count, [1.0] * count, [real] * count, [fake] * count, 9.0, 1.0)


def predictions(seen: list[int], unknown: int = 0) -> SamplePredictions:
    return SamplePredictions(9, "Deep CNN", 200, seen, seen, unknown)


def test_nothing_is_found_before_300_steps_and_the_first_predictions(run):
    assert findings(run, steps(299, 1.0, 0.6, 0.4)) == []


@pytest.mark.parametrize(
    ("event", "kind", "words"),
    [
        (steps(300, 1.0, 0.7, 0.3), "good", "balanced: D(x) 0.70 and D(G(z)) 0.30"),
        (steps(412, 0.04, 0.99, 0.01), "bad", "has won: its loss has been below 0.05 for 412 steps"),
        (steps(300, 1.4, 0.52, 0.49), "open", "hardly tell real from generated"),
        (steps(300, 0.06, 0.97, 0.02), "open", "far ahead of the generator"),
        (predictions(EVEN), "good", "entropy of 3.32 of 3.32 bits, and 200 show the requested class"),
        (predictions([5] * 10, 150), "open", "the Deep CNN recognises no class in 150 of 200"),
    ],
)
def test_each_state_of_the_figures_has_its_finding(run, event, kind, words):
    (finding,) = findings(run, event)
    assert finding.kind == kind
    assert words in finding.text


def test_a_lost_class_is_forgotten_if_earlier_samples_showed_it_and_otherwise_not_drawn(run):
    lost = [25, 25, 25, 25, 3, 25, 25, 0, 25, 22]
    assert (
        "does not draw some classes (4, 7): among 200 new images" in findings(run, predictions(lost))[0].text
    )
    (finding,) = findings(run, predictions(EVEN), predictions(lost))
    assert (
        "forgotten some classes (4, 7): among 200 new images, the Deep CNN finds only 3, 0 of them"
        in finding.text
    )


def test_requested_classes_are_not_mentioned_for_a_generator_without_classes(run):
    assert "requested" not in findings(run, predictions(EVEN), conditional=False)[0].text


def test_entropy_is_the_logarithm_of_the_number_of_equal_classes_and_zero_for_one_class():
    assert entropy(EVEN) == pytest.approx(np.log2(10))
    assert entropy([7, 0, 0]) == entropy([0, 0]) == 0


def test_only_the_steps_since_the_last_loss_above_the_threshold_count_as_won():
    assert steps_won([0.01, 0.2, 0.01, 0.02]) == 2
    assert steps_won([0.01] * 5) == 5
    assert steps_won([]) == 0
    assert steps_won([0.01, float("nan")]) == 0
