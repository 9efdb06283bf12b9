"""View "Interpolation": from one image to another, along the sphere on which latent points lie."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.contract.subjects import is_pixel_art
from core.images.encode import arrays, gif, png, webp, zipped
from core.images.enlarge import enlarged_frames
from core.images.film import can_write_mp4, mp4
from core.images.grid import enlargement, grid
from core.language import gettext
from core.latent.interpolation import slerp, there_and_back
from pages.parts.generate import image_downloads, input_fields
from pages.parts.generate.input_fields import MAX_SEED
from pages.parts.generate.source import Source, latent_point

STEPS = 30  # images of the strip
FRAMES = 60  # of the film, there and back
TURNS = 2  # of an MP4 film: messengers play it once
COLUMNS = 10
LARGE, SAVED = 168, 84  # pixels of the film on the screen, and of an image of the strip
ZIPPED = 112  # pixels of an image in the ZIP file


def show(source: Source) -> None:
    """Show the interpolation as an animation, as a strip, and as files."""
    ends = (
        _end(source, "from", gettext("First class"), gettext("First seed"), 0),
        _end(source, "to", gettext("Last class"), gettext("Last seed"), 1),
    )
    (first, last), scale = (end[0] for end in ends), input_fields.scale()
    start, goal = (latent_point(source, *end, scale) for end in ends)

    def drawn(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        latent, count = slerp(start, goal, shares), len(shares)
        return source.generator.between(np.full(count, first), np.full(count, last), shares, latent), latent

    shares = np.linspace(0, 1, STEPS)
    images, latent = drawn(shares)
    film = _loop(drawn(there_and_back(FRAMES)[: FRAMES // 2 + 1])[0])
    strip = png(grid(images, columns=COLUMNS, scale=enlargement(images, SAVED)))
    left, right = st.columns([1, 3], vertical_alignment="top")
    left.image(
        gif(film, scale=enlargement(film, LARGE)),
        alt=gettext("The interpolation, there and back"),
        width="content",
    )
    right.image(strip, alt=gettext("{count} steps of the interpolation", count=STEPS), width="content")
    st.caption(_explanation(source, first != last))
    image_downloads.show(
        f"{source.name}-interpolation",
        **_films(film, is_pixel_art(source.classes[first], source.generator.card.shape)),
        png=lambda: strip,
        zip=lambda: zipped(images, [f"{i:02}" for i in range(STEPS)], scale=enlargement(images, ZIPPED)),
        npz=lambda: arrays(images=images, latent=latent, share=shares),
    )


def _loop(images: np.ndarray) -> np.ndarray:
    """Return the frames of an endless film that goes through images (N×H×W×C) and back."""
    return np.concatenate([images, images[-2:0:-1]])


def _films(film: np.ndarray, squares: bool) -> dict[str, Callable[[], bytes]]:
    """Return what makes the film's files, 512 pixels wide, by format."""

    def large() -> np.ndarray:
        return enlarged_frames(film, squares=squares)

    made: dict[str, Callable[[], bytes]] = {
        "gif": lambda: gif(large()),
        "webp": lambda: webp(large(), lossless=squares),
    }
    if can_write_mp4():
        made["mp4"] = lambda: mp4(large(), TURNS)
    return made


def _end(source: Source, key: str, class_label: str, seed_label: str, number: int) -> tuple[int, int, int]:
    """Show the fields of one end; return its class, seed and number."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = input_fields.one_class(source, key, class_label, first=3 + 5 * number)
        seed = st.number_input(
            seed_label, 0, MAX_SEED, number, key=f"{key}-seed", bind="query-params", width=150
        )
        image = input_fields.image_number(f"{key}-image")
        input_fields.surprise_button(f"{key}-seed")
    return label, seed, image


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
