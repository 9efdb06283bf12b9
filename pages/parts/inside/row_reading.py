"""An image read row by row: probabilities, the hidden state, the gates, and one unit followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.figures.explanation import by_row
from core.figures.maps import coloured
from core.figures.recurrent import unit_chart
from core.inside.convolution import Box
from core.inside.hidden_units import lasting, spells
from core.inside.recurrent_cells import Cell, Trace, taken_apart
from pages.parts.components.chart import chart
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import link_values, recurrent_networks
from pages.parts.inside.equations import number
from pages.parts.inside.gate_equations import TITLES, unit_lines
from pages.parts.shared.error_messages import show_errors

SIDE = 224  # height of a map on the screen
THRESHOLD = 0.3
LISTED = 24  # units that are named


@dataclass(frozen=True)
class Spot:
    """What is looked at, counted from 0."""

    layer: int
    row: int
    unit: int


def show(glyph: np.ndarray) -> None:
    """The view."""
    st.caption(
        "The network sees one row at a time and keeps what it needs in its hidden state. Look for units that "
        "light up at a stroke and stay lit over empty rows: that is its memory."
    )
    _scene(glyph)


@st.fragment
def _scene(glyph: np.ndarray) -> None:
    with show_errors():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            read = recurrent_networks.look(recurrent_networks.pick(), glyph)
            spot = _spot(read)
        _maps(read, spot)
        left, right = st.columns(2, gap="large")
        with left:
            _opinion(read, spot)
        with right:
            _followed(read, spot)
        _equations(read, spot)
        _lasting(read, spot)


def _spot(read: recurrent_networks.Read) -> Spot:
    """What the link says; without it the last layer, its middle row, and the liveliest unit."""
    cells = read.network.reader.cells
    layer = link_values.number("recurrent", len(cells), len(cells)) - 1
    state = read.reading.traces[layer].state[0]
    row = link_values.number("row", len(state), _inked(read.image) + 1) - 1
    unit = link_values.number("unit", state.shape[1], int(np.ptp(state, axis=0).argmax()) + 1) - 1
    if len(cells) > 1:
        link_values.number_input("Layer", "recurrent", layer + 1, len(cells), forgets=("unit",))
    link_values.number_input("Row", "row", row + 1, len(state))
    link_values.number_input("Unit", "unit", unit + 1, state.shape[1])
    return Spot(layer, row, unit)


def _inked(image: np.ndarray) -> int:
    """The middle one of the rows with ink."""
    inked = np.flatnonzero(image.any(axis=(1, 2)))
    return int(inked[len(inked) // 2]) if len(inked) else len(image) // 2


def _maps(read: recurrent_networks.Read, spot: Spot) -> None:
    """The picture beside the state, row by row, and the gates; a click chooses row and unit."""
    trace = read.reading.traces[spot.layer]
    height = len(read.image)
    picture = Panel(
        id="picture",
        title="Your picture",
        image=coloured(read.image.mean(axis=2), 1.0),
        width=SIDE,
        alt="Your picture; the row that is read is outlined",
        note=f"Row {spot.row + 1} of {height}",
        grid=(height, 1),
        cell=(spot.row, 0),
        outlines={"window": Box(spot.row, 0, spot.row + 1, 1)},
    )
    panels = [picture, _map("Hidden state h", trace.state[0], spot)]
    if trace.memory is not None:
        panels.append(_map("Cell state c", trace.memory[0], spot))
    if read.network.reader.cells[spot.layer].kind != "SimpleRNN":
        panels += [_map(TITLES[name], values[0], spot) for name, values in trace.gates.items()]

    def pick(panel: str, row: int, column: int) -> None:
        if panel == "picture":
            link_values.put(row=row + 1)
        else:
            link_values.put(row=row + 1, unit=column + 1)

    pixels(panels, key="inside memory", on_pick=pick)


def _map(title: str, values: np.ndarray, spot: Spot) -> Panel:
    """Rows down, as in the picture, and units across; values T×units."""
    steps, units = values.shape
    tall = max(
        1, round(units / steps / 2.2)
    )  # a cell is higher than wide, so that all fit beside the picture
    signed = bool((values < 0).any())
    return Panel(
        id=title,
        title=title,
        image=np.repeat(coloured(values, signed=signed), tall, axis=0),
        width=round(SIDE * units / (steps * tall)),
        alt=f"{title}: {steps} rows of {units} units",
        note=f"Unit {spot.unit + 1} at row {spot.row + 1}: {number(float(values[spot.row, spot.unit]))}",
        grid=(steps, units),
        cell=(spot.row, spot.unit),
    )


def _opinion(read: recurrent_networks.Read, spot: Spot) -> None:
    """The probabilities after every row, and after this one in words."""
    now = read.probabilities[spot.row]
    best = np.argsort(-now)[:3]
    words = ", ".join(f"{read.network.classes[k]} {100 * now[k]:.1f} %" for k in best)
    st.markdown(f"**After row {spot.row + 1}:** {words}")
    figure = by_row(read.probabilities, read.network.classes)
    figure.add_vline(x=spot.row + 1, line={"color": "#8b8a99", "width": 1.5, "dash": "dot"})
    chart(figure.update_layout(height=300), key="memory opinion", alt="Probabilities after each row")


def _followed(read: recurrent_networks.Read, spot: Spot) -> None:
    """One unit over all rows."""
    trace = read.reading.traces[spot.layer]
    state = trace.state[0, :, spot.unit]
    rows = ", ".join(f"{a + 1}–{b + 1}" if b > a else f"{a + 1}" for a, b in spells(state, THRESHOLD))
    where = f"above {THRESHOLD} over rows {rows}" if rows else f"never above {THRESHOLD}"
    st.markdown(f"**Unit {spot.unit + 1} followed:** {where}")
    shown = {"hidden state h": state}
    if trace.memory is not None:
        shown["cell state c"] = trace.memory[0, :, spot.unit]
    if read.network.reader.cells[spot.layer].kind != "SimpleRNN":
        shown |= {TITLES[n].lower(): v[0, :, spot.unit] for n, v in trace.gates.items() if n != "candidate"}
    chart(unit_chart(shown, spot.row, THRESHOLD), key="memory unit", alt="One unit after each row")


def _equations(read: recurrent_networks.Read, spot: Spot) -> None:
    cell, trace = read.network.reader.cells[spot.layer], read.reading.traces[spot.layer]
    st.markdown(f"**Unit {spot.unit + 1} of {cell.name} at row {spot.row + 1}**")
    gates = taken_apart(cell, trace, 0, spot.row, spot.unit)
    before = _state(cell, trace, spot.row - 1, spot.unit)
    st.html(unit_lines(cell.kind, gates, before, _state(cell, trace, spot.row, spot.unit)))


def _state(cell: Cell, trace: Trace, row: int, unit: int) -> tuple[float, float]:
    """h and c after a row; zeros before the first."""
    if row < 0:
        return 0.0, 0.0
    memory = trace.memory[0, row, unit] if trace.memory is not None else 0.0
    return float(trace.state[0, row, unit]), float(memory)


def _lasting(read: recurrent_networks.Read, spot: Spot) -> None:
    """The units that stay above the threshold over some rows."""
    state = read.reading.traces[spot.layer].state[0]
    first = link_values.number("from", len(state), min(spot.row + 1, len(state))) - 1
    last = link_values.number("to", len(state), min(spot.row + 4, len(state))) - 1
    first, last = min(first, last), max(first, last)
    st.markdown(f"**Units above {THRESHOLD} over these rows**")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        link_values.number_input("From row", "from", first + 1, len(state))
        link_values.number_input("To row", "to", last + 1, len(state))
    found = lasting(state, first, last, THRESHOLD)
    if not found:
        st.caption("None: no unit stays lit over all of them. Choose fewer rows.")
        return
    more = f", the {LISTED} strongest of them here" if len(found) > LISTED else ""
    st.caption(f"{len(found)} of {state.shape[1]} units stay lit over rows {first + 1} to {last + 1}{more}:")
    with st.container(horizontal=True, gap="small"):
        for unit in found[:LISTED]:
            st.button(f"{unit + 1}", key=f"unit {unit}", on_click=link_values.put, kwargs={"unit": unit + 1})
