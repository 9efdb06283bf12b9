"""Robustness: sliders that corrupt the visitor's own glyph, with the answers to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.explain.robustness import RobustAnswer, probability_curves, sweep_strength
from core.figures.corruption_curves import probability_over_strength
from core.images.corruptions import CORRUPTIONS, Corruption, Strengths, corrupted, corruptions_for
from core.inference.classifier import Classifier
from core.inference.picture_reading import Verdict
from core.language import gettext
from pages.parts.classify.sections import scale_of, section_key
from pages.parts.classify.verdicts import with_probability
from pages.parts.components.chart import chart
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.model_picker import network_title
from pages.parts.shared.picture_urls import enlarged

BY_NAME = {corruption.name: corruption for corruption in CORRUPTIONS}


def start_again() -> None:
    """Set all sliders to 0: another picture is shown."""
    for key in map(str, st.session_state):
        if key.startswith("robust ") and key.rpartition(" ")[2] in BY_NAME:
            st.session_state[key] = 0.0


def show(pixels: np.ndarray, readers: Sequence[Classifier]) -> None:
    """Show a section to open, for networks that tell the same classes apart."""
    place = section_key(readers[0].card)
    section = st.expander(
        gettext("How robust?"), icon=":material/tune:", on_change="rerun", key=f"robust {place}"
    )
    if section.open:
        with section:
            _show_bench(pixels, list(readers), place)


@st.fragment
def _show_bench(pixels: np.ndarray, readers: list[Classifier], place: str) -> None:
    classes = readers[0].card.classes
    answers = st.container(horizontal=True)  # above the sliders: on a phone they would move out of sight
    pictured, controls = st.columns([1, 2], gap="medium")
    with controls:
        strengths = _sliders(place, corruptions_for(len(pixels)))
    seed = st.session_state.get(f"robust {place} seed")
    damaged = corrupted(pixels, strengths, seed)
    with pictured:
        st.image(enlarged(damaged, scale_of(damaged)), alt=gettext("The corrupted picture"), width="stretch")
        with st.container(horizontal=True):
            st.button(
                gettext("Reset"),
                icon=":material/restart_alt:",
                on_click=_reset,
                args=(place,),
                key=_key(place, "reset"),
            )
            st.button(
                gettext("Shuffle"),
                icon=":material/casino:",
                help=gettext("Draw different noise and cover a different place."),
                on_click=_shuffle,
                args=(place,),
                key=_key(place, "shuffle"),
            )
    with answers:
        for curve in probability_curves(readers, damaged[None]):
            _show_answer(curve.answer(0), classes)
    _show_curve(pixels, readers, strengths, place)


def _sliders(place: str, corruptions: Sequence[Corruption]) -> Strengths:
    """Show the sliders in two columns; return the strengths that are set."""
    columns = st.columns(2, gap="medium")
    values = {}
    for i, corruption in enumerate(corruptions):
        whole = corruption.step == int(corruption.step)
        values[corruption.name] = columns[i % 2].slider(
            gettext("{name} ({unit})", name=gettext(corruption.title), unit=corruption.unit),
            float(corruption.low),
            float(corruption.high),
            0.0,
            float(corruption.step),
            format="%.0f" if whole else "%.1f",
            key=_key(place, corruption.name),
            on_change=_follow,
            args=(place, corruption.name),
        )
    return Strengths(**values)


def _show_answer(given: RobustAnswer, classes: Sequence[str]) -> None:
    st.metric(
        escape_markdown(network_title(given.title)),
        "?" if given.verdict is Verdict.UNKNOWN else escape_markdown(classes[given.label]),
        border=True,
        delta=with_probability(given.verdict, given.probability, given.family),
        delta_color="off",
        delta_arrow="off",
    )


def _show_curve(pixels: np.ndarray, readers: list[Classifier], strengths: Strengths, place: str) -> None:
    classes = readers[0].card.classes
    clean = probability_curves(readers, pixels[None])[-1].answer(0).label
    over, of = st.columns(2)
    name = over.selectbox(
        gettext("Corruption"),
        list(BY_NAME),
        format_func=lambda name: gettext(BY_NAME[name].title),
        key=_key(place, "curve"),
        help=gettext("The curve follows the slider that you moved last; the others keep their values."),
    )
    label = of.selectbox(
        gettext("Probability of"),
        range(len(classes)),
        index=clean,
        format_func=lambda k: classes[k],
        key=f"{_key(place, 'class')} {clean}",
    )
    if name is None or label is None:
        return  # only for the types: neither list can be emptied
    corruption = next(one for one in corruptions_for(len(pixels)) if one.name == name)
    values, images = sweep_strength(
        pixels, strengths, corruption, st.session_state.get(f"robust {place} seed")
    )
    curves = probability_curves(readers, images)
    titles = [network_title(curve.title) for curve in curves]
    figure = probability_over_strength(
        curves, titles, classes, label, values, corruption, getattr(strengths, name)
    )
    chart(figure, key=f"robustness {place}", alt=gettext("Probability of each network over the strength"))
    st.caption(
        gettext(
            "The dotted line is the slider's value; a ring marks where a network changes its answer. The "
            "curve of a robust network stays high for long, and falls before the network makes a mistake."
        )
    )


def _key(place: str, name: str) -> str:
    return f"robust {place} {name}"


def _follow(place: str, name: str) -> None:
    st.session_state[_key(place, "curve")] = name


def _reset(place: str) -> None:
    for corruption in CORRUPTIONS:
        st.session_state[_key(place, corruption.name)] = 0.0
    st.session_state.pop(f"robust {place} seed", None)


def _shuffle(place: str) -> None:
    key = f"robust {place} seed"
    st.session_state[key] = st.session_state.get(key, 0) + 1
