"""Set up a race: two configurations that start together and see the same images in the same order."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.contract import architectures as models
from core.language import gettext
from core.runs.process import queue
from pages.parts.train import augmentations

RATES = {
    "gan": ("generator_learning_rate", "discriminator_learning_rate"),
    "classifier": ("learning_rate",),
}
FAMILIES = {"gan": ("gan",), "classifier": ("cnn", "rnn")}
FACTORS = (0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 10.0)


def second_settings(values: dict[str, Any]) -> dict[str, Any] | None:
    """Return settings of a second run with the same images, batch size and epochs; None without a race."""
    if not st.toggle(
        gettext("Race two networks"),
        help=gettext("Starts two runs on the same images in the same order and compares them."),
        key="race",
    ):
        return None
    gan = values["family"] == "gan"
    kind = "gan" if gan else "classifier"
    known = [a for family in FAMILIES[kind] for a in models.of_family(family)]
    another = next(i for i, a in enumerate(known) if a.name != values["architecture"])
    architecture = st.selectbox(
        gettext("Second architecture"),
        known,
        another,
        format_func=lambda found: gettext(found.title),
        key=f"second {kind}",
    )
    factor = st.selectbox(
        gettext("Second learning rate"),
        FACTORS,
        FACTORS.index(1.0),
        format_func=_factor_label,
        filter_mode=None,
        key="second rate",
    )
    assert architecture is not None
    assert factor is not None
    other = {**values, "family": architecture.family, "architecture": architecture.name}
    for name in RATES[kind]:
        other[name] = min(1.0, values[name] * factor)
    if not gan:
        other["augmentation"] = augmentations.choose(
            gettext("Second augmentation"), values["augmentation"], key="second augmentation"
        )
    if queue.worker_count() == 1:
        st.caption(gettext("This server trains one run at a time, so the second starts after the first."))
    return other


def _factor_label(factor: float) -> str:
    return gettext("Same") if factor == 1 else gettext("× {factor:g}", factor=factor)
