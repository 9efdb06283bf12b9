"""A race: two configurations that start together and see the same images in the same order."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.contract import architectures as models
from core.contract.config import AUGMENTATIONS
from core.runs.process import queue

RATES = {
    "gan": ("generator_learning_rate", "discriminator_learning_rate"),
    "classifier": ("learning_rate",),
}
FAMILIES = {"gan": ("gan",), "classifier": ("cnn", "rnn")}
FACTORS = (0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 10.0)


def rival(values: dict[str, Any]) -> dict[str, Any] | None:
    """The settings of a second run with the same images, batch size and epochs; None without a race."""
    if not st.toggle(
        "Race against another",
        help="Two trainings with the same images in the same order, laid over each other.",
        key="race",
    ):
        return None
    gan = values["family"] == "gan"
    kind = "gan" if gan else "classifier"
    known = [a for family in FAMILIES[kind] for a in models.of_family(family)]
    another = next(i for i, a in enumerate(known) if a.name != values["architecture"])
    architecture = st.selectbox(
        "Its architecture", known, another, format_func=lambda a: a.title, key=f"rival {kind}"
    )
    factor = st.selectbox(
        "Its learning rate", FACTORS, FACTORS.index(1.0), filter_mode=None, key="rival rate",
        format_func=lambda factor: "the same" if factor == 1 else f"× {factor:g}",
    )  # fmt: skip
    assert architecture is not None
    assert factor is not None
    other = {**values, "family": architecture.family, "architecture": architecture.name}
    for name in RATES[kind]:
        other[name] = min(1.0, values[name] * factor)
    if not gan:
        other["augmentation"] = st.selectbox(
            "Its augmentation",
            list(AUGMENTATIONS),
            list(AUGMENTATIONS).index(values["augmentation"]),
            format_func=str.capitalize,
            key="rival augmentation",
        )
    if queue.worker_count() == 1:
        st.caption("This lab trains one run at a time: they take turns, and are laid over each other.")
    return other
