"""Travel: from one image to another, along the sphere on which latent points lie."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.encode import arrays, gif, png, webp, zipped
from core.images.grid import grid
from core.latent.interpolation import slerp
from pages.parts.generate import common
from pages.parts.generate.common import IMAGES, MOST_SEED, Source

FRAMES = 30
COLUMNS = 10
ENLARGED = 6


def travel(source: Source) -> None:
    """The journey, moving, as a strip, and as files."""
    (first, start), (last, goal) = (_end(source, i) for i in range(2))
    scale = np.float32(common.scale())
    latent = slerp(scale * start, scale * goal, FRAMES)
    shares = np.linspace(0, 1, FRAMES)
    images = source.generator.between(np.full(FRAMES, first), np.full(FRAMES, last), shares, latent)
    there_and_back = np.concatenate([images, images[-2:0:-1]])
    moving = gif(there_and_back, scale=ENLARGED)
    strip = png(grid(images, columns=COLUMNS, scale=3))
    left, right = st.columns([1, 3], vertical_alignment="top")
    left.image(moving, alt="The journey, there and back", width="content")
    right.image(strip, alt=f"{FRAMES} images on the way", width="content")
    st.caption(_explained(source, first != last))
    stem = f"{source.name}-journey"
    common.downloads(
        gif=(stem, moving),
        webp=(stem, webp(there_and_back, scale=ENLARGED)),
        png=(stem, strip),
        zip=(stem, zipped(images, [f"{i:02}" for i in range(FRAMES)], scale=4)),
        npz=(stem, arrays(images=images, latent=latent, share=shares)),
    )


def _end(source: Source, i: int) -> tuple[int, np.ndarray]:
    """One end of the journey: its class, and its latent point before scaling."""
    key, word = (("from", "From"), ("to", "To"))[i]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = common.one_class(source, key, word, index=3 + 5 * i)
        seed = st.number_input(
            f"Seed of the {('first', 'last')[i]}",
            0,
            MOST_SEED,
            i,
            key=f"{key}-seed",
            bind="query-params",
            width=150,
        )
        place = st.number_input(
            "Image of that seed", 0, IMAGES - 1, 0, key=f"{key}-image", bind="query-params", width=150
        )
        st.button(
            "Surprise me",
            icon=":material/casino:",
            on_click=common.another,
            args=(f"{key}-seed",),
            key=f"{key} surprise",
        )
    return label, common.point(source, seed, place, 1.0)


def _explained(source: Source, other_class: bool) -> str:
    path = "The latent point turns evenly along the sphere on which such points lie. "
    if not other_class:
        return path
    if source.generator.blends:
        return path + (
            "From class to class, the embedding of the one is mixed with that of the other: half-way the "
            "generator draws what no training image was labelled as."
        )
    return (
        path + "The class changes half-way: this generator was published without what lies between classes."
    )
