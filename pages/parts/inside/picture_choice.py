"""Choose the one picture that all of Inside shows: an example, a drawing or an upload, kept in the link."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image

from core.contract.preprocessing import WHOLE, Preprocessing
from core.datasets.synthetic.handwriting import render
from core.errors import ImageError
from core.images.digits import Glyph
from core.images.glyph_links import from_code, to_code
from core.images.whole_picture import whole_picture
from core.inside.layer_steps import as_input
from core.language import N_, gettext
from pages.parts.classify import drawing_link
from pages.parts.classify.picture_input import TYPES
from pages.parts.components.canvas import canvas
from pages.parts.shared import model_picker, preparation, uploads
from pages.parts.shared.error_messages import sentence
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.picture_urls import enlarged
from pages.parts.shared.uploads import File

SOURCES = {"example": N_("Example"), "draw": N_("Draw"), "upload": N_("Upload")}
PICTURE_ALT = N_("Your picture, 28×28")
EXAMPLE, SEED = 3, 1
MAX_GLYPHS = 20  # digits of one upload to choose from
_KEPT = "inside picture"  # for the way back from another page, whose link has no drawing
WHOLE_KEPT = "inside whole picture"  # in the session's state: the last upload, with its colours
_TAKEN = "inside taken"  # in the session's state: the key of the last upload, and the glyph chosen in it


def picture() -> np.ndarray:
    """Return the visitor's glyph (28×28 uint8, light ink on black), and show it with a button to change it.

    A sentence says so where a picture has no ink, or cannot be read; then the one before is kept.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="inside-picture"):
        shown = st.empty()
        with st.popover(gettext("Your picture"), icon=":material/edit:", key="inside change"):
            _change()
    pixels = _current()
    shown.image(enlarged(pixels, 3), alt=gettext(PICTURE_ALT), width=84)
    if not pixels.any():
        st.info(
            gettext(
                "This picture has no ink, so the networks see only black. Draw something or choose an "
                "example."
            ),
            icon=":material/ink_eraser:",
        )
    return pixels


def image_for(preprocessing: Preprocessing, glyph: np.ndarray) -> np.ndarray:
    """Return what a network gets, H×W×C float32: the glyph or, if it reads colours, the whole upload.

    A glyph that is larger than the network's images is made smaller.
    """
    whole: Image.Image | None = st.session_state.get(WHOLE_KEPT)
    if reads_colours(preprocessing) and whole is not None:
        return preprocessing.to_input(whole_picture(whole, preprocessing)[None])[0]
    side = min(preprocessing.height, preprocessing.width)
    if side < len(glyph):
        glyph = np.asarray(Image.fromarray(glyph).resize((side, side), Image.Resampling.BOX))
    return as_input(glyph, preprocessing.shape)


def reads_colours(preprocessing: Preprocessing) -> bool:
    """Return whether a network reads whole pictures in colour."""
    return preprocessing.kind == WHOLE and preprocessing.channels == 3


def example(digit: int) -> np.ndarray:
    """Return a digit in this project's own handwriting, 28×28 uint8."""
    return render(np.array([digit]), SEED)[0]


def guessed_digit(glyph: np.ndarray) -> int:
    """Return the digit that a shipped CNN reads in a glyph; 0 where none is shipped."""
    for choice in model_picker.choices("cnn"):
        if choice.subject == "digit":
            return int(model_picker.classifier(choice).probabilities(glyph[None])[0].argmax())
    return 0


def _current() -> np.ndarray:
    """Return the picture of the link, else of this session, else the first example."""
    code = st.query_params.get(drawing_link.KEY) or st.session_state.get(_KEPT)
    if not code:
        return example(EXAMPLE)
    try:
        pixels = from_code(code)[0]
    except ImageError as error:
        st.error(
            gettext("{error} An example is shown instead.", error=sentence(error)),
            icon=":material/error:",
        )
        st.session_state.pop(_KEPT, None)
        return example(EXAMPLE)
    _keep(code)
    return pixels


def _keep(code: str | None) -> None:
    st.session_state[_KEPT] = code
    if code and st.query_params.get(drawing_link.KEY) != code:
        st.query_params[drawing_link.KEY] = code


def _change() -> None:
    """Show the ways to choose another picture."""
    source = pick_option(gettext("Picture from"), SOURCES, "inside source", default="example")
    if source == "draw":
        drawing = canvas("inside drawing")
        _take([File.of("drawing.png", drawing)] if drawing else [])
    elif source == "upload":
        types = [kind for kind in TYPES if kind != "zip"]
        file = st.file_uploader(gettext("Picture of a digit"), types, key="inside upload")
        _take(uploads.move_to_disk([file] if file else [], "inside upload"))
    else:
        with st.container(horizontal=True, width=300):
            for digit in range(10):
                st.button(str(digit), key=f"inside example {digit}", on_click=_take_example, args=(digit,))


def _take_example(digit: int) -> None:
    st.session_state.pop(WHOLE_KEPT, None)
    _keep(to_code([example(digit)]))


def _take(files: list[File]) -> None:
    """Keep the digit in the file, if there is one.

    A file is taken once: a link or an example chosen after it wins.
    """
    preparation.start()
    if not files:
        return
    try:
        prepared = preparation.prepared(files[0])
    except ImageError as error:
        st.error(sentence(error), icon=":material/error:")
        return
    glyphs = prepared.reading.glyphs[:MAX_GLYPHS]
    if st.session_state.get(_TAKEN, ("", 0))[0] != files[0].key:
        st.session_state[WHOLE_KEPT] = prepared.picture.image
        st.session_state[_TAKEN] = (files[0].key, -1)
    if not glyphs:
        st.info(
            gettext("No ink was found in this picture. Draw darker, on lighter paper."),
            icon=":material/ink_eraser:",
        )
        return
    index = _chosen_glyph(glyphs)
    taken = (files[0].key, index)
    if st.session_state.get(_TAKEN) != taken:
        st.session_state[_TAKEN] = taken
        _keep(to_code([glyphs[index].pixels]))


def _chosen_glyph(glyphs: tuple[Glyph, ...]) -> int:
    """Return the index of one of the digits in a file, with a list to choose from if there are several."""
    if len(glyphs) == 1:
        return 0
    chosen = st.segmented_control(
        gettext("Digit"),
        range(len(glyphs)),
        default=0,
        required=True,
        format_func=lambda i: f"{i + 1}",
        key="inside glyph",
    )
    return min(chosen or 0, len(glyphs) - 1)
