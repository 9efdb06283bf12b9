"""View "Map": a plane of latent points on which every point with whole numbers is a seed."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.encode import png
from core.images.grid import enlargement, grid
from core.language import gettext
from core.latent.interpolation import latent_at
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.generate import image_downloads, input_fields
from pages.parts.generate.source import Source

REACH = 20.0  # how far the map goes in each direction
SIDE = 7  # images in a row of the map
STEP = 0.5  # between two neighbours
TILE = 56  # pixels of an image beside the map


def show(source: Source) -> None:
    """Show the map around a point for one class, and every class at that point."""
    label = input_fields.one_class(source, first=3)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x = st.slider(gettext("East"), -REACH, REACH, 0.0, 0.1, key="x", bind="query-params", width=300)
        y = st.slider(gettext("North"), -REACH, REACH, 0.0, 0.1, key="y", bind="query-params", width=300)
        st.button(
            gettext("Surprise me"), icon=":material/casino:", on_click=_move_at_random, key="map surprise"
        )
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_neighbourhood(source, label, x, y)
    with right:
        labels = np.arange(len(source.classes))
        latent = np.tile(latent_at(x, y, source.generator.latent_size), (len(labels), 1))
        images = source.generator.draw(labels, latent)
        picture = png(grid(images, columns=min(5, len(labels)), scale=enlargement(images, TILE)))
        st.image(
            picture,
            alt=gettext("Every class at {x:g} east, {y:g} north", x=x, y=y),
            width="content",
        )
        st.caption(gettext("Every class at this point of the map: other classes, the same style."))
        image_downloads.show(f"{source.name}-map", png=lambda: picture)


def _show_neighbourhood(source: Source, label: int, x: float, y: float) -> None:
    half = SIDE // 2
    steps = STEP * np.arange(-half, half + 1)
    latent = np.stack(
        [latent_at(x + right, y - down, source.generator.latent_size) for down in steps for right in steps]
    )
    images = source.generator.draw(np.full(len(latent), label), latent)

    def pick(_: str, row: int, column: int) -> None:
        for key, value, moved in (("x", x, column - half), ("y", y, half - row)):
            st.session_state[key] = float(np.clip(np.round(value + STEP * moved, 1), -REACH, REACH))

    panel = Panel(
        "map",
        "",
        np.asarray(grid(images, columns=SIDE, gap=0)),
        448,
        gettext("The map around {x:g} east, {y:g} north", x=x, y=y),
        gettext(
            "Click an image to go there, or move with the arrow keys. Every point with whole numbers is a "
            "seed; the points between them mix the four nearest seeds."
        ),
        grid=(SIDE, SIDE),
        cell=(half, half),
    )
    pixels([panel], key="map", on_pick=pick)


def _move_at_random() -> None:
    for key in ("x", "y"):
        st.session_state[key] = float(np.round(np.random.default_rng().uniform(-REACH, REACH), 1))
