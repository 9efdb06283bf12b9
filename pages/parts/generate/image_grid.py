"""View "Grid": images of the chosen classes; a click opens one of them enlarged, with its details."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.encode import arrays, png, zipped
from core.images.grid import enlargement, grid
from core.language import gettext
from pages.parts.components.pixel_grid import Panel, is_narrow, pixels
from pages.parts.generate import image_details, image_downloads, input_fields
from pages.parts.generate.input_fields import MAX_IMAGES
from pages.parts.generate.source import Source
from pages.parts.shared import link_choice
from pages.parts.shared.error_messages import escape_markdown, show_errors

IMAGE = "image"  # in the link: the number of the open image, from 0 on
COLUMNS = 10
TILE = 64  # pixels on the screen
SAVED = 84  # pixels of an image in the downloaded grid


@st.fragment
@show_errors()
def show(source: Source) -> None:
    """Show the grid beside its fields and the details of the open image; they run only this view again."""
    input_fields.leave_unless_chosen("grid")
    left, right = st.columns([4, 5], gap="large")
    with left:
        chosen = _classes(source)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            count = st.number_input(
                gettext("Images"), 1, MAX_IMAGES, 50, key="count", bind="query-params", width=140
            )
            seed = input_fields.seed()
        scale = input_fields.scale()
        if not chosen:
            st.info(gettext("Choose at least one class to draw."), icon=":material/touch_app:")
            return
    labels = np.resize(sorted(chosen), count)
    latent = np.float32(scale) * source.generator.latent(count, seed)
    images, latent = source.draw_at(labels, latent)
    opened = _opened(count)
    with right:
        _show_grid(images, seed, opened)
        _offer_downloads(source, images, labels, latent, seed)
    if opened is None:
        return
    if is_narrow():
        _show_in_dialog(source, images, labels, opened, seed, scale)
        return
    with left:
        image_details.show(source, images, labels, opened, seed, scale)


def _show_in_dialog(
    source: Source, images: np.ndarray, labels: np.ndarray, opened: int, seed: int, scale: float
) -> None:
    """Show the details over the grid: on a phone they would be below it, out of sight."""

    @st.dialog(gettext("Image {number}", number=opened), on_dismiss=_close)
    def details() -> None:
        input_fields.leave_unless_chosen("grid")
        with show_errors():
            image_details.show(source, images, labels, opened, seed, scale)

    details()


def _close() -> None:
    st.query_params.pop(IMAGE, None)


def _offer_downloads(
    source: Source, images: np.ndarray, labels: np.ndarray, latent: np.ndarray, seed: int
) -> None:
    image_downloads.show(
        f"{source.name}-seed-{seed}",
        png=lambda: png(grid(images, columns=min(COLUMNS, len(images)), scale=enlargement(images, SAVED))),
        zip=lambda: zipped(images, [f"{i:03}-{_file_name(source, k)}" for i, k in enumerate(labels)]),
        npz=lambda: arrays(images=images, labels=labels.astype(np.uint8), latent=latent),
    )


def _classes(source: Source) -> list[int]:
    classes = source.classes
    if len(classes) == 1:
        st.caption(gettext("This generator takes no class; it decides for itself what to draw."))
        return [0]
    options = range(len(classes))
    link_choice.restore_several("classes", options, {name: k for k, name in enumerate(classes)})
    chosen = st.pills(
        gettext("Classes"),
        options,
        selection_mode="multi",
        format_func=lambda k: escape_markdown(classes[k]),
        key="classes",
        wrap=True,
    )
    link_choice.publish_several("classes", options)
    return chosen


def _show_grid(images: np.ndarray, seed: int, opened: int | None) -> None:
    columns = min(COLUMNS, len(images))
    rows = -(-len(images) // columns)

    def pick(_: str, row: int, column: int) -> None:
        st.query_params[IMAGE] = str(row * columns + column)

    panel = Panel(
        "sheet",
        "",
        np.asarray(grid(images, columns=columns, gap=0)),
        TILE * columns,
        gettext("{count} images drawn by the generator, seed {seed}", count=len(images), seed=seed),
        gettext("Click an image, or use the arrow keys, to enlarge it and see its details."),
        grid=(rows, columns),
        count=len(images),
        cell=(-1, -1) if opened is None else divmod(opened, columns),
    )
    pixels([panel], key="sheet", on_pick=pick)


def _opened(count: int) -> int | None:
    """Return the number of the image that the link opens; None without one."""
    asked = st.query_params.get(IMAGE)
    if asked is None:
        return None
    if asked.isascii() and asked.isdigit() and len(asked) < 6 and int(asked) < count:
        return int(asked)
    st.info(
        gettext("The image in this link is not among the {count} images of this grid.", count=count),
        icon=":material/info:",
    )
    del st.query_params[IMAGE]
    return None


def _file_name(source: Source, label: int) -> str:
    """Return the class as a part of a file's name."""
    return "".join(c if c.isalnum() else "-" for c in source.classes[label])
