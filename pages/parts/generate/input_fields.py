"""Fields that several views of Generate have: seed, class, variety. The link keeps their values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.language import gettext
from pages.parts.generate.source import Source
from pages.parts.shared import link_choice

MAX_SEED = 2**31 - 1
MAX_IMAGES = 200  # on one grid


def seed() -> int:
    """Show a field for the seed, and a button that draws another one; return the seed."""
    value = st.number_input(gettext("Seed"), 0, MAX_SEED, 0, key="seed", bind="query-params", width=160)
    surprise_button("seed")
    return value


def surprise_button(key: str) -> None:
    """Show a button that changes the seed of a field."""
    st.button(
        gettext("Surprise me"),
        icon=":material/casino:",
        on_click=draw_seed,
        args=(key,),
        key=f"{key} surprise",
    )


def draw_seed(key: str) -> None:
    """Set a field to a random seed."""
    st.session_state[key] = random_seed()


def random_seed() -> int:
    """Return a seed that nobody has asked for."""
    return int(np.random.default_rng().integers(1_000_000))


def image_number(key: str) -> int:
    """Show a field for the number of an image on its seed's grid; return the number, from 0 on."""
    return st.number_input(
        gettext("Image number"),
        0,
        MAX_IMAGES - 1,
        0,
        key=key,
        bind="query-params",
        width=150,
        help=gettext("Each seed gives a grid of images; this is the image's place in it, counted from 0."),
    )


def scale() -> float:
    """Show a slider for the factor by which latent points are multiplied; return the factor."""
    return st.slider(
        gettext("Variety"),
        0.2,
        1.6,
        1.0,
        0.1,
        key="scale",
        bind="query-params",
        width=340,
        help=gettext(
            "The random numbers are multiplied by this. Small values stay near the centre of the latent "
            "space and give typical images; large values give unusual ones."
        ),
    )


def one_class(source: Source, key: str = "class", label: str | None = None, first: int = 0) -> int:
    """Show a list of the classes; return the index of the chosen one, at first ``first``."""
    classes = source.classes
    if len(classes) == 1:
        return 0
    options = range(len(classes))
    default = first % len(classes)
    link_choice.restore(key, options, default, {name: k for k, name in enumerate(classes)})
    chosen = st.selectbox(
        label or gettext("Class"), options, format_func=lambda k: classes[k], key=key, width=170
    )
    link_choice.publish(key, default)
    return default if chosen is None else chosen


def leave_unless_chosen(view: str) -> None:
    """Run the whole page if a button of this view, which is a fragment, has opened another one."""
    if st.session_state["part"] != view:
        st.rerun()


def open_view(view: str, **state: object) -> Callable[[], None]:
    """Return what a button does to open another view of the page, with values for its fields."""

    def opened() -> None:
        st.session_state["part"] = view
        st.session_state.update(state)

    return opened
