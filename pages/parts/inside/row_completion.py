"""Complete a digit: the upper rows are the visitor's, and a recurrent network draws the others."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.bundles.bundle import pretrained
from core.figures.maps import tint_rows
from core.images.encode import png
from core.images.grid import grid
from core.inside.row_completion import (
    DEFAULT_TEMPERATURE,
    MAX_TEMPERATURE,
    RowGenerator,
    complete,
    component_probabilities,
    open_generator,
    tempered,
)
from core.language import N_, gettext
from pages.parts.inside import link_values
from pages.parts.inside.equations import lines, number, strong
from pages.parts.inside.picture_choice import picture
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.shared.file_download import download_button
from pages.parts.shared.process_cache import kept_in_process

NAME = "rows"  # the shipped bundle
COUNT, SCALE = 20, 3
ANY = "any"  # the id of no digit in particular
ANY_LABEL = N_("Any digit")
FIRST_ROWS = 14
MAX_TERMS = 3  # offered rows whose probabilities are written out
MANY = N_("{count} ways to continue; the first {rows} rows are yours")
EACH = N_("One way to continue for each digit; the first {rows} rows are yours")


def show(glyph: np.ndarray) -> None:
    """Show the view."""
    st.caption(
        gettext(
            "This network was trained to predict each row from those above it, so it can continue your "
            "picture from its first rows, shown in blue. With fewer rows or a higher temperature the "
            "results differ more. Choose a digit, and the network tries to draw it."
        )
    )
    _completions(glyph)


def part(_source: object) -> None:
    """Show the view as a part of Generate, which hands over a GAN; it is not needed here."""
    show(picture())


@st.fragment
def _completions(glyph: np.ndarray) -> None:
    with show_errors():
        generator = _generator(NAME)
        rows, temperature, seed = _settings(generator)
        label = _digit(generator)
        images = complete(generator, glyph[:rows], np.full(COUNT, label), temperature, seed)
        _sheet("many", images, rows, gettext(MANY, count=COUNT, rows=rows))
        if rows < generator.height:
            probabilities = component_probabilities(generator, glyph[:rows], label)
            st.html(row_lines(rows + 1, probabilities, temperature))
        st.markdown(gettext("**The same rows, completed as each digit**"))
        every = np.arange(len(generator.classes))
        each = complete(generator, glyph[:rows], every, temperature, seed)
        _sheet("each", each, rows, gettext(EACH, rows=rows))


def _settings(generator: RowGenerator) -> tuple[int, float, int]:
    """Return rows, temperature and seed of the link, and show the fields that change them."""
    hottest = round(100 * MAX_TEMPERATURE)
    rows = link_values.number("rows", generator.height, FIRST_ROWS, low=0)
    heat = link_values.number("heat", hottest, round(100 * DEFAULT_TEMPERATURE), low=0)
    seed = link_values.number("rowseed", 9999, 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _slider(gettext("Rows given"), "rows", rows, generator.height, 1.0)
        _slider(gettext("Temperature"), "heat", heat, hottest, 0.01)
        link_values.number_input(gettext("Seed"), "rowseed", seed, 9999)
    return rows, heat / 100, seed


def _digit(generator: RowGenerator) -> int:
    """Return the index of the class to draw, -1 for any, and show the choice."""
    options = [ANY, *generator.classes]
    labels = {name: name for name in generator.classes} | {ANY: gettext(ANY_LABEL)}
    asked = link_values.option("digit", options, label=labels.__getitem__)
    st.session_state[link_values.widget("digit")] = asked
    st.segmented_control(
        gettext("Digit to draw"),
        options,
        format_func=lambda name: escape_markdown(labels[name]),
        key=link_values.widget("digit"),
        required=True,
        on_change=link_values.taker("digit"),
    )
    return options.index(asked) - 1


def row_lines(row: int, probabilities: np.ndarray, temperature: float) -> str:
    """Return how a temperature changes the probability of the likeliest of the offered rows."""
    title = gettext("Row {row}", row=row)
    likeliest = gettext(
        "{count} rows are offered; the likeliest has probability {probability}",
        count=len(probabilities),
        probability=number(float(probabilities[0])),
    )
    heat = gettext("Temperature {temperature}", temperature=number(temperature))
    if temperature == 0:
        return lines([(title, likeliest), (heat, gettext("the likeliest row is drawn every time"))])
    powers = tempered(probabilities, temperature)
    exponent = f"<sup>1 ÷ {number(temperature)}</sup>"
    terms = [f"{number(float(share))}{exponent}" for share in probabilities[:MAX_TERMS]]
    if len(powers) > MAX_TERMS:
        terms.append(gettext("{sum} (the others)", sum=number(float(powers[MAX_TERMS:].sum()))))
    equation = f"{number(float(probabilities[0]))}{exponent} ÷ ({' + '.join(terms)})"
    return lines([(title, likeliest), (heat, f"{equation} = {strong(float(powers[0] / powers.sum()))}")])


def _slider(title: str, key: str, value: int, most: int, unit: float) -> None:
    """Show a slider of the link's whole number, in units where one step may be less than 1."""
    widget = link_values.widget(key)

    def take() -> None:
        link_values.put(**{key: round(st.session_state[widget] / unit)})

    if unit == 1:
        st.session_state[widget] = value
        st.slider(title, 0, most, key=widget, width=240, on_change=take)
    else:
        st.session_state[widget] = value * unit
        st.slider(title, 0.0, most * unit, step=10 * unit, key=widget, width=240, on_change=take)


def _sheet(name: str, images: np.ndarray, rows: int, alt: str) -> None:
    """Show the images, the visitor's rows in light blue, with a button to download them."""
    content = png(grid(tint_rows(images, rows), columns=10, scale=SCALE))
    st.image(content, alt=alt, width="content")
    download_button(
        gettext("Download PNG"), lambda: content, "completed.png", "image/png", key=f"download {name}"
    )


@kept_in_process()
def _generator(name: str) -> RowGenerator:
    return open_generator(pretrained(name))
