"""View "Person": one latent point drawn in every style, for generators whose classes are styles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from PIL import Image

from core.contract.subjects import is_pixel_art
from core.errors import ConfigError
from core.images.cutout import without_background
from core.images.encode import data_url, from_pixels, png
from core.images.enlarge import enlarged
from core.images.grid import grid
from core.language import N_, gettext
from core.latent.latent_links import from_code, to_code
from core.latent.traits import drawn_again, part_directions
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.components.share import share
from pages.parts.generate import input_fields
from pages.parts.generate.input_fields import MAX_SEED
from pages.parts.generate.source import Source
from pages.parts.shared import link_choice
from pages.parts.shared.error_messages import show_error, show_errors
from pages.parts.shared.file_download import download_button
from pages.parts.shared.process_cache import kept_in_process

PERSON = "person"  # in the link: a seed, or the code of a latent point
STYLE, KEEP = "style", "keep"  # the chosen class, in the link too; what the next person keeps
LABELS = {STYLE: N_("Style"), "hair": N_("Hair"), "skin": N_("Skin"), "background": N_("Background")}
LARGE = 448  # pixels of the person on the screen: seven for each of 64
COLUMNS, TILE = 5, 96  # of the sheet of styles; pixels on the screen


@st.fragment
@show_errors()
def show(source: Source) -> None:
    """Show the person large in one style, and small in all; a button draws another person."""
    input_fields.leave_unless_chosen("person")
    point = _point(source)
    style = _style(source)
    count = len(source.classes)
    images = source.generator.draw(np.arange(count), np.tile(point, (count, 1)))
    left, right = st.columns([1, 1], gap="large")
    with left:
        _show_large(source, style, point, images[style])
    with right:
        _show_styles(style, images)
        _choose_kept(source)


def _point(source: Source) -> np.ndarray:
    """Return the latent point of the person in the link; a link without one gets a random person."""
    code = st.query_params.get(PERSON)
    if code is None:
        code = st.query_params[PERSON] = str(input_fields.random_seed())
    try:
        return _decoded(source, code)
    except ConfigError as error:
        show_error(error)
        return _decoded(source, "0")


def _decoded(source: Source, code: str) -> np.ndarray:
    if code.isascii() and code.isdigit() and len(code) <= len(str(MAX_SEED)):
        return source.generator.latent(1, int(code))[0]
    return from_code(code, source.generator.latent_size)


def _style(source: Source) -> int:
    options = range(len(source.classes))
    link_choice.restore(STYLE, options, 0, {name: k for k, name in enumerate(source.classes)})
    link_choice.publish(STYLE, 0)
    return st.session_state[STYLE]


def _show_large(source: Source, style: int, point: np.ndarray, image: np.ndarray) -> None:
    """Show the person in the chosen style, with the buttons that draw another, download and share.

    The files are made when they are asked for: a crowd that draws person after person waits for nothing else.
    """
    squares = is_pixel_art(source.classes[style], source.generator.card.shape)
    shown = data_url(enlarged(image, squares=squares, side=LARGE), jpeg=not squares)
    name = f"{source.name}-{style}"
    alt = gettext("A person in the style {name}", name=source.classes[style])
    st.button(
        gettext("Draw another person"),
        type="primary",
        icon=":material/casino:",
        width=LARGE,
        on_click=_draw_another,
        args=(source, point),
        key="person next",
    )
    st.image(shown, alt=alt, width=LARGE)
    with st.container(horizontal=True):
        download_button(
            gettext("Download PNG"),
            lambda: png(enlarged(image, squares=squares)),
            f"{name}.png",
            "image/png",
            key="download png",
        )
        cut = without_background(from_pixels(image))
        if cut is not None:
            download_button(
                gettext("Download without background"),
                lambda: png(_large_cut_out(enlarged(image, squares=squares), cut)),
                f"{name}-cut-out.png",
                "image/png",
                key="download cut-out",
            )
        share(
            gettext("A person drawn by a neural network:"),
            key="share person",
            picture=shown,
            name=f"{name}.{'png' if squares else 'jpg'}",
        )


def _large_cut_out(large: Image.Image, small: Image.Image) -> Image.Image:
    """Return the large picture without its background; if that cannot be told there, by the small one."""
    cut = without_background(large)
    if cut is None:
        cut = large.copy()
        cut.putalpha(small.getchannel("A").resize(large.size))
    return cut


def _show_styles(style: int, images: np.ndarray) -> None:
    """Show the person in every style; a tap on one shows it large."""
    count = len(images)
    columns = min(COLUMNS, count)
    rows = -(-count // columns)

    def pick(_: str, row: int, column: int) -> None:
        st.session_state[STYLE] = row * columns + column

    panel = Panel(
        "styles",
        "",
        np.asarray(grid(images, columns=columns, gap=0)),
        TILE * columns,
        gettext("The same person in {count} styles", count=count),
        gettext("Tap a style to see it large. The same latent point is the same person in each of them."),
        grid=(rows, columns),
        count=count,
        cell=divmod(style, columns),
    )
    pixels([panel], key="styles", on_pick=pick)


def _choose_kept(source: Source) -> None:
    options = [STYLE, *source.subject.parts]
    st.session_state.setdefault(KEEP, [STYLE])
    st.pills(
        gettext("Keep in the next person"),
        options,
        selection_mode="multi",
        format_func=lambda part: gettext(LABELS[part]),
        key=KEEP,
        help=gettext(
            "Hair, skin and background are kept along the directions of latent space that change their "
            "colour, and in the style that you see. This is not exact: what else depends on these directions "
            "stays too."
        ),
    )


def _draw_another(source: Source, point: np.ndarray) -> None:
    """Put another person into the link, with the style and the parts that the visitor keeps."""
    kept: Sequence[str] = st.session_state.get(KEEP, [STYLE])
    seed = input_fields.random_seed()
    if STYLE not in kept:
        st.session_state[STYLE] = seed % len(source.classes)
    parts = [part for part in source.subject.parts if part in kept]
    if not parts:
        st.query_params[PERSON] = str(seed)
        return
    folder = source.choice.folder
    directions = _directions(str(folder), (folder / "card.json").stat().st_mtime, source)
    style = st.session_state[STYLE]
    st.query_params[PERSON] = to_code(drawn_again(source.generator, point, style, directions, parts, seed))


@kept_in_process(8)
def _directions(folder: str, stamp: float, _source: Source) -> dict[str, np.ndarray]:
    """Return the directions of a generator's parts, shared by all visitors."""
    return part_directions(_source.generator, _source.subject.parts)
