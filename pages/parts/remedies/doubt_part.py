"""Doubt: calibration, accuracy if doubtful answers are refused, and refusal of foreign images."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.contract.evaluation import expected_calibration_error
from core.figures.remedies import accuracy_over_coverage, reliability_diagram
from core.language import N_, gettext
from core.remedies import doubt
from core.remedies.ensembles import ensemble_name
from core.remedies.stored_answers import StoredAnswers
from pages.parts.components.chart import chart
from pages.parts.remedies.measured_networks import network_name, pick_dataset
from pages.parts.remedies.share_table import show_shares
from pages.parts.remedies.shipped_answers import answers_for
from pages.parts.shared.error_messages import escape_markdown, show_errors

MEMBERS = "members"  # key of the choice of an ensemble's networks
FOREIGN = {"mnist": N_("clothes of Fashion-MNIST"), "fashion_mnist": N_("digits of MNIST")}


def show() -> None:
    """Show the view."""
    st.markdown(
        gettext(
            "A network that says 90% should be right nine times in ten, and should doubt what it has never "
            "seen. Choose networks for an ensemble, which averages their probabilities."
        )
    )
    _show_measured()


@st.fragment
@show_errors()
def _show_measured() -> None:
    dataset = pick_dataset()
    answers = answers_for(dataset)
    networks = [*answers.tests, *_ensemble(answers, dataset)]
    probabilities = {name: answers.of(name) for name in networks}
    st.markdown(_finding(answers, probabilities))
    _show_figures(answers, probabilities)
    left, right = st.columns(2, gap="medium")
    with left:
        bins = {n: doubt.reliability(tests, answers.labels) for n, (tests, _) in probabilities.items()}
        chart(
            reliability_diagram(
                {network_name(n): (each.probability, each.accuracy, each.count) for n, each in bins.items()}
            ),
            key="reliability",
            alt=gettext("Share of right answers over the probability of the answer"),
        )
    with right:
        curves = {
            network_name(n): doubt.accuracy_over_coverage(tests, answers.labels)
            for n, (tests, _) in probabilities.items()
        }
        chart(
            accuracy_over_coverage(curves, doubt.COVERAGES),
            key="coverage",
            alt=gettext("Share of right answers over the share of images that are answered"),
        )
    st.caption(_how_measured(answers, dataset))


def _ensemble(answers: StoredAnswers, dataset: str) -> list[str]:
    """Draw the choice of an ensemble's networks; return its name, or nothing for fewer than two."""
    names = list(answers.tests)
    if len(names) < 2:
        return []
    chosen: list[str] = st.pills(
        gettext("Networks of the ensemble"),
        names,
        selection_mode="multi",
        default=names,
        format_func=network_name,
        key=f"{MEMBERS} {dataset}",
    )
    return [ensemble_name(chosen)] if len(chosen) > 1 else []


def _accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def _finding(answers: StoredAnswers, probabilities: dict[str, tuple[np.ndarray, np.ndarray]]) -> str:
    """Return the sentence that the numbers support, whichever way they fall."""
    accuracies = {n: _accuracy(tests, answers.labels) for n, (tests, _) in probabilities.items()}
    alone = {name: accuracy for name, accuracy in accuracies.items() if name in answers.tests}
    best = max(alone, key=alone.__getitem__)
    values = {"network": escape_markdown(network_name(best)), "alone": alone[best]}
    together = [name for name in accuracies if name not in alone]
    if not together:
        return gettext("**{network} answers {alone:.2%} of the test images correctly.**", **values)
    gained = accuracies[together[0]]
    if gained > alone[best]:
        return gettext(
            "**The ensemble helps: it answers {together:.2%} correctly, its best network alone, {network}, "
            "{alone:.2%}.**",
            together=gained,
            **values,
        )
    return gettext(
        "**This ensemble does not help: it answers {together:.2%} correctly, {network} alone {alone:.2%}.**",
        together=gained,
        **values,
    )


def _show_figures(answers: StoredAnswers, probabilities: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    figures = []
    for name, (tests, foreign) in probabilities.items():
        covered = doubt.accuracy_over_coverage(tests, answers.labels, np.array([doubt.ACCEPTED]))
        shares = (
            _accuracy(tests, answers.labels),
            expected_calibration_error(tests, answers.labels),
            float(covered[0]),
            doubt.refused_share(tests, foreign),
        )
        figures.append((name, shares))
    titles = [
        gettext("Right answers"),
        gettext("Calibration error"),
        gettext("Right, if the 2% least probable are refused"),
        gettext("Foreign images refused"),
    ]
    show_shares(
        figures,
        titles,
        key="doubt figures",
        alt=gettext("Accuracy, calibration and refusal of each network"),
    )


def _how_measured(answers: StoredAnswers, dataset: str) -> str:
    foreign = len(next(iter(answers.foreign.values())))
    return gettext(
        "{images:,} test images and {foreign:,} foreign images ({what}), one network of each kind. The "
        "calibration error is the mean gap between probability and accuracy over 15 bins; foreign images "
        "are refused below the probability that 98% of the test images reach. Measured by "
        "`python -m core measure-remedies answers --dataset {dataset}`.",
        images=len(answers.labels),
        foreign=foreign,
        what=gettext(FOREIGN[dataset]),
        dataset=dataset,
    )
