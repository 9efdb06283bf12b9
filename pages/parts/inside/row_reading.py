"""Show an image read row by row: probabilities, hidden state, gates, and one unit over all rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.figures.explanation import by_row
from core.figures.maps import coloured
from core.figures.recurrent import unit_chart
from core.inside.convolution import Box
from core.inside.hidden_units import active_spans, lasting_units
from core.inside.highlights import middle_inked_row, most_varied_unit
from core.inside.recurrent_cells import decompose, state_after
from core.language import gettext, join, ngettext, percent
from pages.parts.components.chart import chart
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import link_values, recurrent_networks
from pages.parts.inside.equations import number
from pages.parts.inside.gate_equations import CELL_STATE, GATE_TITLES, HIDDEN_STATE, unit_lines
from pages.parts.inside.recurrent_networks import PictureReading
from pages.parts.shared.error_messages import escape_markdown, show_errors

SIDE = 224  # height of a map on the screen
THRESHOLD = 0.3
MAX_LISTED = 24  # units that are named
CELL_SHAPE = 2.2  # a cell is so many times as high as wide, so that all maps fit beside the picture


@dataclass(frozen=True)
class StateCell:
    """A unit of a layer's state after a row, all counted from 0."""

    layer: int
    row: int
    unit: int


def show(glyph: np.ndarray) -> None:
    """Show the view."""
    st.caption(
        gettext(
            "The network sees one row at a time and keeps what it needs in its hidden state. Look for units "
            "that become active at a stroke and stay active over empty rows: they are its memory."
        )
    )
    _reading(glyph)


@st.fragment
def _reading(glyph: np.ndarray) -> None:
    with show_errors():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            found = recurrent_networks.read_picture(recurrent_networks.pick(), glyph)
            cell = _chosen_cell(found)
        _maps(found, cell)
        left, right = st.columns(2, gap="large")
        with left:
            _probabilities(found, cell)
        with right:
            _unit(found, cell)
        _equations(found, cell)
        _lasting_units(found, cell)


def _chosen_cell(found: PictureReading) -> StateCell:
    """Return the cell of the link, and show the fields that change it.

    Without a choice it is in the last layer, at the middle row with ink, the unit that varies most.
    """
    cells = found.network.reader.cells
    layer = link_values.number("recurrent", len(cells), len(cells)) - 1
    state = found.reading.traces[layer].state[0]
    row = link_values.number("row", len(state), middle_inked_row(found.image) + 1) - 1
    unit = link_values.number("unit", state.shape[1], most_varied_unit(state) + 1) - 1
    if len(cells) > 1:
        link_values.number_input(gettext("Layer"), "recurrent", layer + 1, len(cells), forgets=("unit",))
    link_values.number_input(gettext("Row"), "row", row + 1, len(state))
    link_values.number_input(gettext("Unit"), "unit", unit + 1, state.shape[1])
    return StateCell(layer, row, unit)


def _maps(found: PictureReading, cell: StateCell) -> None:
    """Show the picture beside the state and the gates, row by row; a click chooses row and unit."""
    trace = found.reading.traces[cell.layer]
    height = len(found.image)
    picture = Panel(
        id="picture",
        title=gettext("Your picture"),
        image=coloured(found.image.mean(axis=2), 1.0),
        width=SIDE,
        alt=gettext("Your picture, with the current row outlined"),
        note=gettext("Row {row} of {rows}", row=cell.row + 1, rows=height),
        grid=(height, 1),
        cell=(cell.row, 0),
        outlines={"window": Box(cell.row, 0, cell.row + 1, 1)},
    )
    panels = [picture, _map("state", gettext(HIDDEN_STATE), trace.state[0], cell)]
    if trace.cell_state is not None:
        panels.append(_map("cell_state", gettext(CELL_STATE), trace.cell_state[0], cell))
    panels += [
        _map(name, gettext(GATE_TITLES[name]), trace.gates[name][0], cell) for name in _gates(found, cell)
    ]

    def pick(panel: str, row: int, column: int) -> None:
        if panel == "picture":
            link_values.put(row=row + 1)
        else:
            link_values.put(row=row + 1, unit=column + 1)

    pixels(panels, key="inside memory", on_pick=pick)


def _gates(found: PictureReading, cell: StateCell) -> list[str]:
    """Return the names of the layer's gates; a SimpleRNN's only one is its state."""
    if found.network.reader.cells[cell.layer].kind == "SimpleRNN":
        return []
    return list(found.reading.traces[cell.layer].gates)


def _map(name: str, title: str, values: np.ndarray, cell: StateCell) -> Panel:
    """Return a panel of values (T×units): rows down, as in the picture, and units across."""
    steps, units = values.shape
    tall = max(1, round(units / steps / CELL_SHAPE))
    return Panel(
        id=name,
        title=title,
        image=np.repeat(coloured(values, signed=bool((values < 0).any())), tall, axis=0),
        width=round(SIDE * units / (steps * tall)),
        alt=gettext("{title}: {rows} rows of {units} units", title=title, rows=steps, units=units),
        note=gettext(
            "Unit {unit} at row {row}: {value}",
            unit=cell.unit + 1,
            row=cell.row + 1,
            value=number(float(values[cell.row, cell.unit])),
        ),
        grid=(steps, units),
        cell=(cell.row, cell.unit),
    )


def _probabilities(found: PictureReading, cell: StateCell) -> None:
    """Show the probabilities after every row, and the three highest after the chosen one in words."""
    now = found.probabilities[cell.row]
    answers = [
        gettext(
            "{label} ({probability})",
            label=escape_markdown(found.network.classes[k]),
            probability=percent(float(now[k])),
        )
        for k in np.argsort(-now)[:3]
    ]
    st.markdown(gettext("**After row {row}:** {answers}", row=cell.row + 1, answers=join(answers)))
    figure = by_row(found.probabilities, found.network.classes)
    figure.add_vline(x=cell.row + 1, line={"color": "#8b8a99", "width": 1.5, "dash": "dot"})
    chart(
        figure.update_layout(height=300),
        key="memory probabilities",
        alt=gettext("Probabilities after each row"),
    )


def _unit(found: PictureReading, cell: StateCell) -> None:
    """Show one unit over all rows."""
    trace = found.reading.traces[cell.layer]
    state = trace.state[0, :, cell.unit]
    rows = join(f"{a + 1}–{b + 1}" if b > a else f"{a + 1}" for a, b in active_spans(state, THRESHOLD))
    if rows:
        st.markdown(
            gettext(
                "**Unit {unit}** is above {threshold} at rows {rows}.",
                unit=cell.unit + 1,
                threshold=THRESHOLD,
                rows=rows,
            )
        )
    else:
        st.markdown(
            gettext("**Unit {unit}** is never above {threshold}.", unit=cell.unit + 1, threshold=THRESHOLD)
        )
    shown = {gettext(HIDDEN_STATE): state}
    if trace.cell_state is not None:
        shown[gettext(CELL_STATE)] = trace.cell_state[0, :, cell.unit]
    shown |= {
        gettext(GATE_TITLES[name]): trace.gates[name][0, :, cell.unit]
        for name in _gates(found, cell)
        if name != "candidate"
    }
    chart(unit_chart(shown, cell.row, THRESHOLD), key="memory unit", alt=gettext("One unit after each row"))


def _equations(found: PictureReading, cell: StateCell) -> None:
    layer, trace = found.network.reader.cells[cell.layer], found.reading.traces[cell.layer]
    st.markdown(
        gettext(
            "**Unit {unit} of {layer} at row {row}**", unit=cell.unit + 1, layer=layer.name, row=cell.row + 1
        )
    )
    gates = decompose(layer, trace, 0, cell.row, cell.unit)
    before, after = (state_after(trace, 0, row, cell.unit) for row in (cell.row - 1, cell.row))
    st.html(unit_lines(layer.kind, gates, before, after))


def _lasting_units(found: PictureReading, cell: StateCell) -> None:
    """List the units that stay above the threshold over some rows, as buttons that choose them."""
    state = found.reading.traces[cell.layer].state[0]
    first = link_values.number("from", len(state), min(cell.row + 1, len(state))) - 1
    last = link_values.number("to", len(state), min(cell.row + 4, len(state))) - 1
    first, last = min(first, last), max(first, last)
    st.markdown(gettext("**Units that stay above {threshold} over several rows**", threshold=THRESHOLD))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        link_values.number_input(gettext("From row"), "from", first + 1, len(state))
        link_values.number_input(gettext("To row"), "to", last + 1, len(state))
    active = lasting_units(state, first, last, THRESHOLD)
    if not active:
        st.caption(gettext("No unit stays active over all of these rows. Choose fewer rows."))
        return
    found_text = ngettext(
        "{count} of {all} units stays active over rows {first} to {last}.",
        "{count} of {all} units stay active over rows {first} to {last}.",
        len(active),
        all=state.shape[1],
        first=first + 1,
        last=last + 1,
    )
    if len(active) > MAX_LISTED:
        found_text += " " + gettext("The {count} strongest are listed.", count=MAX_LISTED)
    st.caption(found_text)
    with st.container(horizontal=True, gap="small"):
        for unit in active[:MAX_LISTED]:
            st.button(f"{unit + 1}", key=f"unit {unit}", on_click=link_values.put, kwargs={"unit": unit + 1})
