"""Adversarial steps: small changes that make networks wrong, measured and on the visitor's own picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from core.explain.robustness import RobustAnswer, probability_curves
from core.figures.remedies import accuracy_over_attack
from core.inference.classifier import Classifier
from core.inference.picture_reading import Verdict
from core.language import N_, gettext
from core.remedies import attack_table
from core.remedies.attack_table import LEVELS, AttackTable
from core.remedies.shipped_files import read_measurement, shipped_file
from core.subprocesses import ChildProcess
from pages.parts.classify.verdicts import with_probability
from pages.parts.components.chart import chart
from pages.parts.inside.picture_choice import picture
from pages.parts.remedies import trained_against
from pages.parts.remedies.attacked_networks import gradients_of, pick_network
from pages.parts.remedies.measured_networks import network_name
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.picture_urls import enlarged

METHODS = {"fgsm": N_("FGSM: one step"), "pgd": N_("PGD: ten steps")}
FIRST_METHOD = "pgd"
ANY = -1  # no target class
FINE_LEVELS = tuple(range(0, 97, 4))  # strengths for the visitor's picture, of 255
_KEPT = "attacked images"


def show() -> None:
    """Show the view."""
    st.markdown(
        gettext(
            "An adversarial step changes every pixel a little, in the direction in which the network's loss "
            "rises most. It is made for one network; see whether it fools others too."
        )
    )
    _show_measured()
    trained_against.show()
    st.header(gettext("Your own picture"))
    glyph = picture()
    _show_bench(glyph)


@st.fragment
@show_errors()
def _show_measured() -> None:
    table = read_measurement(AttackTable, shipped_file(attack_table.FILE, "mnist"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = pick_option(gettext("Method"), METHODS, "measured method", default=FIRST_METHOD)
        source: str = st.selectbox(
            gettext("Along the gradients of"),
            attack_table.sources(table),
            format_func=network_name,
            key="measured source",
            width=280,
        )
    found = table.accuracy[attack_table.attack_name(method, source)]
    curves = {network_name(name): found[name] for name in table.networks}
    chart(
        accuracy_over_attack(curves, LEVELS),
        key="measured attacks",
        alt=gettext("Share of right answers over the strength of the attack"),
    )
    st.markdown(_finding(table, method, source))
    st.caption(
        gettext(
            "The first {count} test digits, one network of each kind; strengths are the largest change "
            "of a pixel, of 255 levels. Measured by "
            "`python -m core measure-remedies attacks --images {count}`.",
            count=table.images,
        )
    )


def _finding(table: AttackTable, method: str, source: str) -> str:
    """Return the sentence that the numbers support, whichever way they fall."""
    found = table.accuracy[attack_table.attack_name(method, source)]
    place = LEVELS.index(32)
    others = {name: found[name][place] for name in table.networks if name != source}
    best, worst = max(others, key=others.__getitem__), min(others, key=others.__getitem__)
    return gettext(
        "**At strength 32, {source} reads {own:.0%} of the pictures correctly. Of the same pictures, which "
        "are made against it alone, {best} reads {most:.0%} and {worst} {least:.0%}.**",
        source=escape_markdown(network_name(source)),
        own=found[source][place],
        best=escape_markdown(network_name(best)),
        most=others[best],
        worst=escape_markdown(network_name(worst)),
        least=others[worst],
    )


@st.fragment
@show_errors()
def _show_bench(glyph: np.ndarray) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = pick_network(gettext("Attacked network"), "attacked network")
        if chosen is None:
            return
        method = pick_option(gettext("Method"), METHODS, "attack method", default=FIRST_METHOD)
        classes = chosen.reader.card.classes
        target: int = st.selectbox(
            gettext("Make it read"),
            [ANY, *range(len(classes))],
            format_func=lambda label: gettext("Any other class") if label == ANY else classes[label],
            key="attack target",
            width=200,
        )
    with experiment.show_errors():
        process = gradients_of(chosen, gettext("Start the attack"))
        if process is None:
            return
        label = int(chosen.reader.probabilities(glyph[None])[0].argmax())
        images = _attacked(process, glyph, label, method, target)
        _show_attack(images, chosen.others, label)


def _attacked(process: ChildProcess, glyph: np.ndarray, label: int, method: str, target: int) -> np.ndarray:
    """Return the attacked images, one for each of ``FINE_LEVELS``; asked for once for the same choices."""
    asked = (experiment.start_count(), glyph.tobytes(), method, target)
    kept: tuple[Any, np.ndarray] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != asked:
        found = process.ask(
            "attack",
            pixels=glyph,
            label=label if target == ANY else target,
            strengths=[level / 255 for level in FINE_LEVELS],
            kind=method,
            targeted=target != ANY,
        )
        kept = st.session_state[_KEPT] = (asked, found["images"])
    return kept[1]


def _show_attack(images: np.ndarray, readers: dict[str, Classifier], label: int) -> None:
    """Show the image at the chosen strength, its change, and the answers of all networks to it."""
    curves = probability_curves(list(readers.values()), images)
    titles = [*readers, gettext("All together")][: len(curves)]
    level: int = st.select_slider(
        gettext("Strength (levels of 255)"), FINE_LEVELS, value=32, key="attack strength"
    )
    place = FINE_LEVELS.index(level)
    answers = st.container(horizontal=True)
    for title, curve in zip(titles, curves, strict=True):
        with answers:
            _show_answer(title, curve.answer(place), next(iter(readers.values())).card.classes)
    shown, drawn = st.columns([1, 2], gap="medium")
    with shown:
        _show_images(images, place)
    with drawn:
        chart(
            accuracy_over_attack(
                {t: each.probabilities[:, label] for t, each in zip(titles, curves, strict=True)},
                FINE_LEVELS,
                gettext("Probability of the first answer (%)"),
            ),
            key="own attack",
            alt=gettext("Probability of the first answer over the strength of the attack"),
        )


def _show_images(images: np.ndarray, place: int) -> None:
    change = images[place].astype(int) - images[0]
    largest = max(int(np.abs(change).max()), 1)
    visible = np.round(127.5 + 127.5 * change / largest).astype(np.uint8)
    with st.container(horizontal=True):
        st.image(enlarged(images[place], 5), alt=gettext("The attacked picture"), width=140)
        st.image(enlarged(visible, 5), alt=gettext("The change, enlarged"), width=140)
    st.caption(
        gettext(
            "Left: the picture that the networks read. Right: what was added to it, made visible: white is "
            "+{largest}, black −{largest}, grey no change.",
            largest=largest,
        )
    )


def _show_answer(title: str, given: RobustAnswer, classes: tuple[str, ...]) -> None:
    st.metric(
        escape_markdown(title),
        "?" if given.verdict is Verdict.UNKNOWN else escape_markdown(classes[given.label]),
        border=True,
        delta=with_probability(given.verdict, given.probability, given.family),
        delta_color="off",
        delta_arrow="off",
    )
