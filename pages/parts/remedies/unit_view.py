"""What a unit looks for: the pictures that excite it most, and an image made to excite it."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from core.language import gettext
from core.remedies.layer_features import excitement
from pages.parts.remedies.attacked_networks import ChosenNetwork, gradients_of
from pages.parts.remedies.picture_strips import picture_strip
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.picture_urls import enlarged

PICTURES = 8
_KEPT = "exciting image"  # in the session's state


def show(chosen: ChosenNetwork, images: np.ndarray) -> None:
    """Show the part for a network and the shipped pictures."""
    card = chosen.reader.card
    layers = list(card.activations)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer: str = st.selectbox(
            gettext("Layer"), layers, index=len(layers) - 1, key=f"layer of {chosen.folder}", width=200
        )
        units = card.activations[layer][-1]
        unit = int(
            st.number_input(
                gettext("Unit"), 0, units - 1, 0, key=f"unit of {chosen.folder} {layer}", width=140
            )
        )
    strengths = excitement(chosen.reader, images, layer, unit)
    most = np.argsort(-strengths, kind="stable")[:PICTURES]
    st.image(
        picture_strip(images[most]), width="content", alt=gettext("The digits that excite the unit most")
    )
    st.caption(
        gettext(
            "Of {count} test digits, these excite unit {unit} of {layer} most.",
            count=len(images),
            unit=unit,
            layer=escape_markdown(layer),
        )
    )
    with experiment.show_errors():
        _show_made(chosen, layer, unit)


def _show_made(chosen: ChosenNetwork, layer: str, unit: int) -> None:
    """Show an image that gradient ascent has made to excite the unit; it outlives the process."""
    asked = (chosen.folder, layer, unit)
    kept: tuple[Any, dict[str, Any]] = st.session_state.get(_KEPT, (None, {}))
    if kept[0] != asked:
        process = gradients_of(chosen, gettext("Make an exciting image"))
        if process is None:
            return
        with st.spinner(gettext("Making the image"), show_time=True):
            kept = st.session_state[_KEPT] = (
                asked,
                process.ask("excite", layer=layer, unit=unit, timeout=60),
            )
    found = kept[1]
    st.image(enlarged(found["image"], 5), alt=gettext("An image made to excite the unit"), width=140)
    st.caption(
        gettext(
            "Made from faint noise by gradient ascent: the unit's mean activation rose from {first:.2f} to "
            "{last:.2f}. To people it need not look like a digit.",
            first=float(found["activations"][0]),
            last=float(found["activations"][-1]),
        )
    )
