"""A digit of which the visitor gives the upper rows; a recurrent network draws the others."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.bundles.bundle import pretrained
from core.images.encode import png
from core.images.grid import grid
from core.inside.row_completion import (
    DEFAULT_TEMPERATURE,
    MAX_TEMPERATURE,
    RowGenerator,
    complete,
    component_probabilities,
    open_generator,
)
from pages.parts.inside import link_values
from pages.parts.inside.equations import lines, number, strong
from pages.parts.inside.picture_choice import picture
from pages.parts.shared.error_messages import show_errors

NAME = "rows"  # the shipped bundle
COUNT, SCALE = 20, 3
ANY = "Any"
FIRST_ROWS = 14
WRITTEN = 3  # offered rows whose probabilities are written out


def show(glyph: np.ndarray) -> None:
    """The view."""
    st.caption(
        "This network was taught to guess each row from those above, so it goes on where your picture stops. "
        "Give fewer rows, or more heat, and look at how its guesses part ways; ask for a digit, and it tries."
    )
    _scene(glyph)


def part(_source: object) -> None:
    """The part of Generate, which hands over a GAN; it is not needed here."""
    show(picture())


@st.fragment
def _scene(glyph: np.ndarray) -> None:
    with show_errors():
        generator = _generator()
        labels = [ANY, *generator.classes]
        rows = link_values.number("rows", generator.height, FIRST_ROWS, low=0)
        usual = round(100 * DEFAULT_TEMPERATURE)
        heat = link_values.number("heat", round(100 * MAX_TEMPERATURE), usual, low=0)
        seed = link_values.number("rowseed", 9999, 1)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _slider("Rows given", "rows", rows, generator.height, 1.0)
            _slider("Temperature", "heat", heat, round(100 * MAX_TEMPERATURE), 0.01)
            link_values.number_input("Seed", "rowseed", seed, 9999)
        asked = link_values.option("digit", labels)
        st.session_state["inside digit"] = asked
        st.segmented_control("Draw it as", labels, key="inside digit", required=True, on_change=_take_digit)
        label = labels.index(asked) - 1
        images = complete(generator, glyph[:rows], np.full(COUNT, label), heat / 100, seed)
        _sheet(images, rows, f"{COUNT} ways to go on")
        if rows < generator.height:
            st.html(row_lines(rows + 1, component_probabilities(generator, glyph[:rows], label), heat / 100))
        st.markdown("**The same rows, completed as each digit**")
        each = complete(generator, glyph[:rows], np.arange(len(generator.classes)), heat / 100, seed)
        _sheet(each, rows, "One way for each digit")


def row_lines(row: int, shares: np.ndarray, temperature: float) -> str:
    """What a temperature makes of the probability of the likeliest of the rows that are offered."""
    most = f"{len(shares)} rows are offered; the likeliest has the probability {number(float(shares[0]))}"
    if temperature == 0:
        return lines([(f"Row {row}", most), ("Temperature 0", "the likeliest is drawn every time")])
    powers = shares.astype(np.float64) ** (1 / temperature)
    exponent = f"<sup>1 ÷ {number(temperature)}</sup>"
    shown = " + ".join(f"{number(float(share))}{exponent}" for share in shares[:WRITTEN])
    rest = f" + {number(float(powers[WRITTEN:].sum()))} (the others)" if len(shares) > WRITTEN else ""
    sums = f"{number(float(shares[0]))}{exponent} ÷ ({shown}{rest})"
    return lines(
        [
            (f"Row {row}", most),
            (f"Temperature {number(temperature)}", f"{sums} = {strong(float(powers[0] / powers.sum()))}"),
        ]
    )


def _slider(title: str, key: str, value: int, most: int, unit: float) -> None:
    """A slider of the link's whole number; shown in units where one step is less than 1."""
    widget = f"inside {key}"

    def take() -> None:
        link_values.put(**{key: round(st.session_state[widget] / unit)})

    if unit == 1:
        st.session_state[widget] = value
        st.slider(title, 0, most, key=widget, width=240, on_change=take)
    else:
        st.session_state[widget] = value * unit
        st.slider(title, 0.0, most * unit, step=10 * unit, key=widget, width=240, on_change=take)


def _take_digit() -> None:
    link_values.put(digit=st.session_state["inside digit"])


def _sheet(images: np.ndarray, rows: int, what: str) -> None:
    """The images, the visitor's rows in blue-grey, with a download."""
    coloured = np.repeat(images[..., None], 3, axis=3)
    given = coloured[:, :rows].astype(np.float32)
    coloured[:, :rows] = np.round(given * (0.62, 0.72, 1.0)).astype(np.uint8)  # light blue: not its own work
    content = png(grid(coloured, columns=10, scale=SCALE))
    st.image(content, alt=f"{what}; the first {rows} rows are yours", width="content")
    st.download_button(
        "Download as PNG",
        content,
        "completed.png",
        "image/png",
        icon=":material/download:",
        key=f"download {what}",
    )


@st.cache_resource(show_spinner=False)
def _generator() -> RowGenerator:
    return open_generator(pretrained(NAME))
