"""The parts of Generate: a sheet, a number in handwriting, a journey, a map. Only the open one runs."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.grid import gif, grid, png
from core.inference.generator import Generator
from core.latent.points import around, slerp
from core.latent.writing import MOST_CHARACTERS, write

MOST = 200
FRAMES = 30
REACH = 20  # how far the map goes in each direction


def sheet(generator: Generator, name: str) -> None:
    """Images of the chosen classes."""
    classes = generator.card.classes
    labels = st.pills(
        "Classes",
        range(len(classes)),
        selection_mode="multi",
        default=range(len(classes)),
        format_func=lambda k: classes[k],
        key="classes",
        bind="query-params",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input("Images", 1, MOST, 50, key="count", bind="query-params", width=140)
        seed = _seed()
    scale = _scale()
    if not labels:
        st.info("Choose at least one class to draw.", icon=":material/touch_app:")
        return
    asked = np.resize(sorted(labels), count)
    images = generator.draw(asked, scale * generator.latent(count, seed))
    picture = png(grid(images, columns=min(10, count), scale=3))
    st.image(picture, alt=f"{count} images drawn by the generator, seed {seed}", width="content")
    _download("Download as PNG", picture, f"{name}-seed-{seed}.png")


def writing(generator: Generator, name: str) -> None:
    """A number that is typed, in handwriting."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Number", "2026", key="text", bind="query-params", width=240)
        seed = _seed()
    one_hand = st.toggle("In one hand", True, key="hand", bind="query-params")
    picture = write(generator, text or "", seed, one_hand)
    large = picture.resize((picture.width * 3, picture.height * 3))
    with st.container(key="paper"):  # the ink is black, whatever the theme
        st.html("<style>.st-key-paper img { background: #fff; padding: 0.5rem; }</style>")
        st.image(png(large), alt=f"{text[:MOST_CHARACTERS]} in the generator's handwriting", width="content")
    _download("Download as PNG", png(large), f"{name}-written-{seed}.png")
    st.caption("The paper is transparent in the downloaded file.")


def travel(generator: Generator, name: str) -> None:
    """From one image to another, along the sphere on which latent points lie."""
    classes = generator.card.classes
    ends = []
    for i, word in enumerate(("From", "To")):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = st.selectbox(
                word, classes, index=i % len(classes), key=f"{word.lower()}", bind="query-params", width=180
            )
            seed = st.number_input(
                f"Seed of the {('first', 'last')[i]}",
                0,
                2**31 - 1,
                i,
                key=f"{word.lower()}-seed",
                bind="query-params",
                width=180,
            )
        ends.append((classes.index(label or classes[0]), generator.latent(1, seed)[0]))
    (first, start), (last, goal) = ends
    labels = np.where(np.arange(FRAMES) < FRAMES // 2, first, last)
    images = generator.draw(labels, slerp(start, goal, FRAMES))
    strip = png(grid(images, columns=10, scale=3))
    moving = gif(np.concatenate([images, images[::-1]]), scale=5)
    st.image(moving, alt="The journey, there and back", width="content")
    st.image(strip, alt=f"{FRAMES} images on the way", width="content")
    if first != last:
        st.caption("The class changes half-way: the generator knows nothing between two classes.")
    with st.container(horizontal=True):
        _download("Download as GIF", moving, f"{name}-journey.gif")
        _download("Download as PNG", strip, f"{name}-journey.png")


def places(generator: Generator, name: str) -> None:
    """Every class at one place of a map whose whole-numbered places are seeds."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x = st.slider("East", -1.0 * REACH, 1.0 * REACH, 0.0, 0.1, key="x", bind="query-params", width=300)
        y = st.slider("North", -1.0 * REACH, 1.0 * REACH, 0.0, 0.1, key="y", bind="query-params", width=300)
        st.button("Surprise me", icon=":material/casino:", on_click=_anywhere)
    labels = np.arange(len(generator.card.classes))
    latent = np.tile(around(x, y, generator.latent_size), (len(labels), 1))
    picture = png(grid(generator.draw(labels, latent), columns=5, scale=5))
    st.image(picture, alt=f"Every class at {x:g} east, {y:g} north", width="content")
    _download("Download as PNG", picture, f"{name}-map.png")


def _seed() -> int:
    seed = st.number_input("Seed", 0, 2**31 - 1, 0, key="seed", bind="query-params", width=180)
    st.button("Surprise me", icon=":material/casino:", on_click=_another_seed)
    return seed


def _scale() -> float:
    """How far from the middle points are drawn: in the middle lies what is typical."""
    return st.slider("Typical to unusual", 0.2, 1.6, 1.0, 0.1, key="scale", bind="query-params", width=340)


def _another_seed() -> None:
    st.session_state["seed"] = int(np.random.default_rng().integers(1_000_000))


def _anywhere() -> None:
    for key in ("x", "y"):
        st.session_state[key] = float(np.round(np.random.default_rng().uniform(-REACH, REACH), 1))


def _download(label: str, content: bytes, name: str) -> None:
    kind = "image/gif" if name.endswith("gif") else "image/png"
    st.download_button(label, content, name, kind, icon=":material/download:")
