"""How large the layers' weights and gradients are: whether they explode, vanish, or stand still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.figures import training as figures
from core.runs.report.history import History
from pages.parts.components.chart import chart


def show(history: History, family: str) -> None:
    """The norms by layer; of a GAN, of the player that is chosen."""
    st.caption(
        "Gradients that shrink from the last layers to the first *vanish*; ones that grow without end "
        "*explode*. Each point is the last step of a quarter of a second."
    )
    player = ""
    if family == "gan":
        player = st.segmented_control(
            "Player", ["generator", "discriminator"], default="generator", required=True,
            format_func=str.capitalize, key="player",
        ) or ""  # fmt: skip
    left, right = st.columns(2)
    for place, norms, of in (
        (left, history.gradient_norms, "gradient"),
        (right, history.weight_norms, "weights"),
    ):
        with place:
            shown = _of_player(norms, player)
            chart(
                figures.norms_chart(history.by_chunk.get("step", ()), shown, of),
                key=f"{of} norms {player}",
                alt=f"Norm of the {of} by layer and step",
            )


def _of_player(norms: Mapping[str, Sequence[float]], player: str) -> dict[str, Sequence[float]]:
    prefix = f"{player}/" if player else ""
    return {name.removeprefix(prefix): values for name, values in norms.items() if name.startswith(prefix)}
