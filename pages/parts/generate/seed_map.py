"""Map: a plane of latent points whose whole-numbered places are seeds."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.encode import png
from core.images.grid import grid
from core.latent.interpolation import latent_at
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.generate import common
from pages.parts.generate.common import Source

REACH = 20.0  # how far the map goes in each direction
SIDE = 7  # images in a row of the map
STEP = 0.5  # between two neighbours


def places(source: Source) -> None:
    """The surroundings of a place, of one class, and every class at the place."""
    label = common.one_class(source, index=3)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x = st.slider("East", -REACH, REACH, 0.0, 0.1, key="x", bind="query-params", width=300)
        y = st.slider("North", -REACH, REACH, 0.0, 0.1, key="y", bind="query-params", width=300)
        st.button("Surprise me", icon=":material/casino:", on_click=_anywhere)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _surroundings(source, label, x, y)
    with right:
        labels = np.arange(len(source.classes))
        latent = np.tile(latent_at(x, y, source.generator.latent_size), (len(labels), 1))
        picture = png(grid(source.generator.draw(labels, latent), columns=min(5, len(labels)), scale=2))
        st.image(picture, alt=f"Every class at {x:g} east, {y:g} north", width="content")
        st.caption("Every class at this one place: the same hand, other digits or things.")
        common.downloads(png=(f"{source.name}-map", picture))


def _surroundings(source: Source, label: int, x: float, y: float) -> None:
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
        f"The map around {x:g} east, {y:g} north",
        "Click an image to go there, or walk with the arrow keys. Each whole-numbered place is a seed; "
        "between them four seeds are mixed.",
        grid=(SIDE, SIDE),
        cell=(half, half),
    )
    pixels([panel], key="map", on_pick=pick)


def _anywhere() -> None:
    for key in ("x", "y"):
        st.session_state[key] = float(np.round(np.random.default_rng().uniform(-REACH, REACH), 1))
