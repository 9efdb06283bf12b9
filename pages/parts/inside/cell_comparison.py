"""Compare SimpleRNN, GRU and LSTM, trained with the same settings, on the visitor's picture."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures.explanation import by_row
from core.figures.maps import coloured
from core.figures.recurrent import gradients_by_step
from core.inside import vanishing_gradients
from core.inside.reader_statistics import first_to_last_ratio, gradient_norms, parameters
from core.language import gettext, join, percent
from pages.parts.components.chart import chart
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import link_values, recurrent_networks
from pages.parts.inside.gate_equations import HIDDEN_STATE
from pages.parts.inside.picture_choice import guessed_digit
from pages.parts.inside.recurrent_networks import PictureReading
from pages.parts.shared.error_messages import escape_markdown, show_errors

WIDTH = 300  # of a state on the screen


def show(glyph: np.ndarray) -> None:
    """Show the view."""
    st.caption(
        gettext(
            "Three networks with one recurrent layer each, trained with the same settings, read your "
            "picture. Compare how steady their states are from row to row, and how far back from the last "
            "row each could still learn."
        )
    )
    _comparison(glyph)


@st.fragment
def _comparison(glyph: np.ndarray) -> None:
    with show_errors():
        networks = recurrent_networks.compared()
        readings = {
            kind: recurrent_networks.read_picture(network, glyph) for kind, network in networks.items()
        }
        columns = st.columns(3, gap="medium")
        for column, (kind, found) in zip(columns, readings.items(), strict=True):
            with column:
                _cell(kind, found)
        _gradients(readings, link_values.number("label", 9, guessed_digit(glyph), low=0))
        _training()


def _cell(kind: str, found: PictureReading) -> None:
    """Show one network's answer, its state row by row, and its probabilities."""
    best = int(found.probabilities[-1].argmax())
    st.markdown(
        gettext(
            "**{kind}** reads {answer} ({probability})",
            kind=kind,
            answer=escape_markdown(found.network.classes[best]),
            probability=percent(float(found.probabilities[-1, best])),
        )
    )
    state = found.reading.traces[0].state[0]
    rows, units = state.shape
    panel = Panel(
        id=kind.lower(),
        title=gettext(HIDDEN_STATE),
        image=np.repeat(coloured(state, 1.0, signed=True), 2, axis=0),
        width=WIDTH,
        alt=gettext(
            "Hidden state of the {kind}: {rows} rows of {units} units", kind=kind, rows=rows, units=units
        ),
        note=gettext(
            "{rows} rows down, {units} units across; {parameters:,} parameters",
            rows=rows,
            units=units,
            parameters=parameters(found.network.reader),
        ),
    )
    pixels([panel], key=f"cells {kind.lower()}", on_pick=lambda *_: None)
    figure = by_row(found.probabilities, found.network.classes).update_layout(height=240)
    alt = gettext("Probabilities of the {kind} after each row", kind=kind)
    chart(figure, key=f"probabilities {kind.lower()}", alt=alt)


def _gradients(readings: dict[str, PictureReading], label: int) -> None:
    """Show how backpropagation through time reaches each row of this picture."""
    st.markdown(gettext("**How the loss of your picture depends on the state after each row**"))
    link_values.number_input(gettext("Your digit"), "label", label, 9, low=0)
    norms = {
        kind: gradient_norms(found.network.reader, found.reading.traces[0].inputs, label)
        for kind, found in readings.items()
    }
    chart(gradients_by_step(norms), key="cells gradients", alt=gettext("Norm of the gradient by row"))
    ratios = {kind: first_to_last_ratio(found) for kind, found in norms.items()}
    st.caption(
        gettext(
            "Backpropagation through time for your picture. Norm at the first row relative to the last: "
            "{ratios}.",
            ratios=join(f"{kind} {ratio:.2g}" for kind, ratio in ratios.items() if ratio is not None),
        )
    )


def _training() -> None:
    """Say how the networks were trained, and how well they read."""
    measured = vanishing_gradients.read()
    config = measured.config
    by_rows = [curve for curve in measured.curves if curve.steps == config.steps[0]]
    accuracies = [
        gettext("{title} {accuracy:.1f}%", title=curve.cell, accuracy=100 * curve.accuracy)
        for curve in by_rows
    ]
    st.caption(
        gettext(
            "All three were trained by `python -m core measure-memory`: {units} units, {images:,} images of "
            "{dataset}, {epochs} epochs. Test accuracies: {accuracies}.",
            units=config.units,
            images=config.train_size,
            dataset=config.dataset.upper(),
            epochs=config.epochs[0],
            accuracies=join(accuracies),
        )
    )
