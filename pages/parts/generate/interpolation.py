"""View "Interpolation": from one image to another, along the sphere on which latent points lie."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.encode import arrays, gif, png, webp, zipped
from core.images.grid import grid
from core.language import gettext
from core.latent.interpolation import slerp
from pages.parts.generate import image_downloads, input_fields
from pages.parts.generate.input_fields import MAX_SEED
from pages.parts.generate.source import Source, latent_point

FRAMES = 30
COLUMNS = 10
ENLARGED = 6


def show(source: Source) -> None:
    """Show the interpolation as an animation, as a strip, and as files."""
    first, start = _end(source, "from", gettext("First class"), gettext("First seed"), 0)
    last, goal = _end(source, "to", gettext("Last class"), gettext("Last seed"), 1)
    scale = np.float32(input_fields.scale())
    latent = slerp(scale * start, scale * goal, FRAMES)
    shares = np.linspace(0, 1, FRAMES)
    images = source.generator.between(np.full(FRAMES, first), np.full(FRAMES, last), shares, latent)
    there_and_back = np.concatenate([images, images[-2:0:-1]])
    animation = gif(there_and_back, scale=ENLARGED)
    strip = png(grid(images, columns=COLUMNS, scale=3))
    left, right = st.columns([1, 3], vertical_alignment="top")
    left.image(animation, alt=gettext("The interpolation, there and back"), width="content")
    right.image(strip, alt=gettext("{count} steps of the interpolation", count=FRAMES), width="content")
    st.caption(_explanation(source, first != last))
    image_downloads.show(
        f"{source.name}-interpolation",
        gif=lambda: animation,
        webp=lambda: webp(there_and_back, scale=ENLARGED),
        png=lambda: strip,
        zip=lambda: zipped(images, [f"{i:02}" for i in range(FRAMES)], scale=4),
        npz=lambda: arrays(images=images, latent=latent, share=shares),
    )


def _end(source: Source, key: str, class_label: str, seed_label: str, number: int) -> tuple[int, np.ndarray]:
    """Show the fields of one end; return its class, and its latent point before scaling."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = input_fields.one_class(source, key, class_label, first=3 + 5 * number)
        seed = st.number_input(
            seed_label, 0, MAX_SEED, number, key=f"{key}-seed", bind="query-params", width=150
        )
        image = input_fields.image_number(f"{key}-image")
        input_fields.surprise_button(f"{key}-seed")
    return label, latent_point(source, seed, image, 1.0)


def _explanation(source: Source, other_class: bool) -> str:
    if not other_class:
        return gettext("The latent point moves evenly along the sphere on which such points lie.")
    if source.generator.blends:
        return gettext(
            "The latent point moves evenly along the sphere on which such points lie. The embeddings of the "
            "two classes are mixed, so the generator also draws images between the classes."
        )
    return gettext(
        "The latent point moves evenly along the sphere on which such points lie. The class changes "
        "half-way, because this generator was published without mixing of classes."
    )
