"""Why a network answers as it does, for any class that the visitor asks about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.explain.class_activation import class_activation
from core.explain.occlusion import occlusion
from core.explain.row_probabilities import row_probabilities
from core.figures.explanation import by_row, over_image
from core.figures.maps import coloured, mosaic
from core.inference.classifier import Classifier
from pages.parts.shared.picture_urls import enlarged

QUIET = {"displayModeBar": False, "staticPlot": False}


def show(pixels: np.ndarray, readers: Sequence[Classifier], best: int) -> None:
    """A section to open: maps for a CNN, the rows of an RNN."""
    task = ",".join(readers[0].card.classes)  # tells the sections of one page apart
    section = st.expander("Why?", icon=":material/help:", on_change="rerun", key=f"why {task}")
    if not section.open:
        return
    with section:
        classes = readers[0].card.classes
        label = st.segmented_control(
            "Ask about",
            range(len(classes)),
            default=best,
            required=True,
            format_func=lambda k: classes[k],
            key=f"asked about {best} {task}",
        )
        assert label is not None  # a choice is required
        for i, reader in enumerate(readers):
            st.markdown(f"**{reader.card.title}**")
            if reader.card.family == "cnn":
                _maps(pixels, reader, label, best, f"{i} {task}")
            else:
                _rows(pixels, reader, f"{i} {task}")
            _layer(pixels, reader, f"{i} {task}")


def _maps(pixels: np.ndarray, reader: Classifier, label: int, best: int, key: str) -> None:
    asked = reader.card.classes[label]
    activation, covering = st.columns(2)
    activation.plotly_chart(
        over_image(pixels, class_activation(reader, pixels, label), signed=False),
        key=f"activation {key}",
        config=QUIET,
        alt=f"Class activation map for {asked}",
    )
    activation.caption(f"What speaks for {asked} in its last maps (class activation map)")
    covering.plotly_chart(
        over_image(pixels, occlusion(reader, pixels, label), signed=True),
        key=f"occlusion {key}",
        config=QUIET,
        alt=f"Occlusion sensitivity for {asked}",
    )
    covering.caption(
        f"What covering a patch does to the probability of {asked}: pink parts speak for it, blue ones "
        "against it (occlusion sensitivity)"
    )
    if label != best:
        _difference(pixels, reader, label, best, key)


def _difference(pixels: np.ndarray, reader: Classifier, label: int, best: int, key: str) -> None:
    asked, answered = reader.card.classes[label], reader.card.classes[best]
    heat = class_activation(reader, pixels, best) - class_activation(reader, pixels, label)
    st.plotly_chart(
        over_image(pixels, heat, signed=True),
        key=f"difference {key}",
        config=QUIET,
        alt=f"Why {answered} and not {asked}",
    )
    st.caption(f"Why not {asked}? Pink parts speak more for {answered}, blue ones more for {asked}")


def _rows(pixels: np.ndarray, reader: Classifier, key: str) -> None:
    st.plotly_chart(
        by_row(row_probabilities(reader, pixels), reader.card.classes),
        key=f"rows {key}",
        config=QUIET,
        alt="Probability of the likeliest classes after each row",
    )
    st.caption("How its opinion forms from the first row to the last")


def _layer(pixels: np.ndarray, reader: Classifier, key: str) -> None:
    """What one layer, of the visitor's choice, makes of the picture."""
    names = [name for name in reader.card.activations if name != "logits"]
    name = st.selectbox(
        "Activations of layer", names, index=None, key=f"layer {key}", placeholder="Choose one"
    )
    if name is None:
        return
    values = reader.activations(pixels[None])[name][0]
    st.image(enlarged(_sheet(values), 4), alt=f"Activations of {name}", width="stretch")
    st.caption(f"{_size(values)}; pink is positive, blue negative, white on black where nothing is negative")


def _sheet(values: np.ndarray) -> np.ndarray:
    """A layer's activations as one picture: its maps side by side, rows of states, or one row of units."""
    if values.ndim == 3:
        return mosaic(values, columns=max(1, round(np.sqrt(2 * values.shape[2]))))
    return coloured(np.atleast_2d(values))


def _size(values: np.ndarray) -> str:
    if values.ndim == 3:
        height, width, count = values.shape
        return f"{count} maps of {height}×{width}"
    return f"{values.shape[-1]} units" + (f" after each of {len(values)} rows" if values.ndim == 2 else "")
