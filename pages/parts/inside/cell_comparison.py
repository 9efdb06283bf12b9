"""SimpleRNN, GRU and LSTM side by side, trained alike, on the visitor's picture."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures.explanation import by_row
from core.figures.maps import coloured
from core.figures.recurrent import gradients_by_step
from core.inside import vanishing_gradients
from core.inside.row_reader import Reader, gradients, read
from pages.parts.components.chart import chart
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import link_values, recurrent_networks
from pages.parts.shared.error_messages import show_errors

WIDTH = 300


def show(glyph: np.ndarray) -> None:
    """The view."""
    st.caption(
        "Three networks of one recurrent layer, trained alike, read your picture. Look at how steady their "
        "states are over the rows, and at how far back from the last row each of them could still learn."
    )
    _scene(glyph)


@st.fragment
def _scene(glyph: np.ndarray) -> None:
    with show_errors():
        networks = recurrent_networks.compared()
        reads = {kind: recurrent_networks.look(network, glyph) for kind, network in networks.items()}
        label = link_values.number("label", 9, recurrent_networks.guess(glyph), least=0)
        columns = st.columns(3, gap="medium")
        for column, (kind, made) in zip(columns, reads.items(), strict=True):
            with column:
                _one(kind, made)
        _gradients(reads, label)
        _trained()


def _one(kind: str, made: recurrent_networks.Read) -> None:
    best = int(made.probabilities[-1].argmax())
    parameters = _parameters(made.network.reader)
    st.markdown(f"**{kind}** reads {best} ({100 * made.probabilities[-1, best]:.1f} %)")
    state = made.reading.traces[0].state[0]
    panel = Panel(
        id=kind,
        title="Hidden state h",
        image=np.repeat(coloured(state, 1.0, signed=True), 2, axis=0),
        width=WIDTH,
        alt=f"Hidden state of the {kind}: {state.shape[0]} rows of {state.shape[1]} units",
        note=f"{state.shape[0]} rows down, {state.shape[1]} units across; {parameters:,} parameters",
    )
    pixels([panel], key=f"cells {kind}", on_pick=lambda *_: None)
    figure = by_row(made.probabilities, made.network.classes).update_layout(height=240)
    chart(figure, key=f"opinion {kind}", alt=f"Probabilities of the {kind} after each row")


def _gradients(reads: dict[str, recurrent_networks.Read], label: int) -> None:
    """Backpropagation through time, for this picture."""
    st.markdown("**How the loss of your picture would change with the state after each row**")
    link_values.number_input("Your picture is a", "label", label, 9, least=0)
    courses = {kind: _norms(made, label) for kind, made in reads.items()}
    chart(gradients_by_step(courses), key="cells gradients", alt="Length of the gradient by row")
    fades = [f"{kind} {norms[0] / norms[-1]:.1e}" for kind, norms in courses.items() if norms[-1] > 0]
    st.caption(
        "Backpropagation through time with your picture. At the first row, compared with the last: "
        f"{', '.join(fades)}."
    )


def _norms(made: recurrent_networks.Read, label: int) -> np.ndarray:
    """In double precision, as in the measurement."""
    reading = read(made.network.reader, made.reading.traces[0].inputs.astype(np.float64))
    return gradients(made.network.reader, reading, np.array([label]))[-1].norms()[0]


def _trained() -> None:
    measured = vanishing_gradients.read()
    config = measured.config
    rows = [course for course in measured.courses if course.steps == config.steps[0]]
    accuracies = ", ".join(f"{course.cell} {100 * course.accuracy:.1f} %" for course in rows)
    st.caption(
        f"Trained alike by `python -m core measure-memory`: {config.units} units, {config.train_size:,} "
        f"images of {config.dataset.upper()}, {config.epochs[0]} epochs; test accuracies {accuracies}."
    )


def _parameters(network: Reader) -> int:
    parts = [network.kernel, network.bias]
    for cell in network.cells:
        parts += [cell.kernel, cell.recurrent, cell.bias]
        parts += [cell.recurrent_bias] if cell.kind == "GRU" else []
    return sum(part.size for part in parts)
