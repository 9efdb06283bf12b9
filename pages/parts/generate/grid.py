"""Grid: images of the chosen classes; one that is clicked opens larger, with what others say of it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.encode import arrays, png, zipped
from core.images.grid import grid
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.generate import common
from pages.parts.generate.common import IMAGES, Source
from pages.parts.generate.image_details import closer

IMAGE = "image"  # in the link: the place of the open image, from 0 on
COLUMNS = 10
TILE = 64  # pixels on the screen


def sheet(source: Source) -> None:
    """Images of the chosen classes."""
    labels = _classes(source)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input("Images", 1, IMAGES, 50, key="count", bind="query-params", width=140)
        seed = common.seed()
    scale = common.scale()
    if not labels:
        st.info("Choose at least one class to draw.", icon=":material/touch_app:")
        return
    asked = np.resize(sorted(labels), count)
    latent = np.float32(scale) * source.generator.latent(count, seed)
    images = source.generator.draw(asked, latent)
    opened = _opened(count)
    left, right = st.columns([5, 4], gap="large")
    with left:
        _show(images, seed, opened)
        _take_away(source, images, asked, latent, seed)
    if opened is not None:
        with right:
            closer(source, images, asked, opened, seed, scale)


def _take_away(source: Source, images: np.ndarray, labels: np.ndarray, latent: np.ndarray, seed: int) -> None:
    stem = f"{source.name}-seed-{seed}"
    common.downloads(
        png=(stem, png(grid(images, columns=min(COLUMNS, len(images)), scale=3))),
        zip=(stem, zipped(images, [f"{i:03}-{_file(source, k)}" for i, k in enumerate(labels)])),
        npz=(stem, arrays(images=images, labels=labels.astype(np.uint8), latent=latent)),
    )


def _classes(source: Source) -> list[int]:
    if len(source.classes) == 1:
        st.caption("This generator takes no class: it draws what it likes.")
        return [0]
    return st.pills(
        "Classes",
        range(len(source.classes)),
        selection_mode="multi",
        default=range(len(source.classes)),
        format_func=lambda k: source.classes[k],
        key="classes",
        bind="query-params",
    )


def _show(images: np.ndarray, seed: int, opened: int | None) -> None:
    columns = min(COLUMNS, len(images))
    sheet = np.asarray(grid(images, columns=columns, gap=0))
    rows = -(-len(images) // columns)

    def pick(_: str, row: int, column: int) -> None:
        st.query_params[IMAGE] = str(row * columns + column)

    panel = Panel(
        "sheet",
        "",
        sheet,
        TILE * columns,
        f"{len(images)} images drawn by the generator, seed {seed}",
        "Click an image, or use the arrow keys, to see it larger with what others say of it.",
        grid=(rows, columns),
        count=len(images),
        cell=(-1, -1) if opened is None else divmod(opened, columns),
    )
    pixels([panel], key="sheet", on_pick=pick)


def _opened(count: int) -> int | None:
    """The place of the image that the link opens."""
    asked = st.query_params.get(IMAGE)
    if asked is None:
        return None
    if asked.isascii() and asked.isdigit() and len(asked) < 6 and int(asked) < count:
        return int(asked)
    st.info(f"The image in this link is none of the {count} of this sheet.", icon=":material/info:")
    del st.query_params[IMAGE]
    return None


def _file(source: Source, label: int) -> str:
    """The class, as part of a file's name."""
    return "".join(c if c.isalnum() else "-" for c in source.classes[label])
