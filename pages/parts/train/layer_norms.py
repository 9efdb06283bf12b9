"""Draw the norms of the layers' weights and gradients, which show whether they explode or vanish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.figures import training as figures
from core.language import N_, gettext
from core.runs.report.history import History
from pages.parts.components.chart import chart
from pages.parts.shared.option_picker import pick_option

PLAYERS = {"generator": N_("Generator"), "discriminator": N_("Discriminator")}
ALTS = {
    "gradient": N_("Norm of the gradient by layer and step"),
    "weights": N_("Norm of the weights by layer and step"),
}


def show(history: History, family: str) -> None:
    """Draw the norms by layer; for a GAN, those of the chosen player."""
    st.caption(
        gettext(
            "Gradients *vanish* if they shrink from the last layer to the first, and *explode* if they grow "
            "without limit. Each point is the last step of a quarter of a second."
        )
    )
    player = ""
    if family == "gan":
        player = pick_option(gettext("Player"), PLAYERS, "player", default="generator")
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
                alt=gettext(ALTS[of]),
            )


def _of_player(norms: Mapping[str, Sequence[float]], player: str) -> dict[str, Sequence[float]]:
    prefix = f"{player}/" if player else ""
    return {name.removeprefix(prefix): values for name, values in norms.items() if name.startswith(prefix)}
