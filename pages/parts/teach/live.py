"""Answer the camera's or the next picture at once, with what was learnt."""

from __future__ import annotations

import streamlit as st
from PIL import Image

from core.class_sets.class_set_store import reduced_picture
from core.class_sets.features import shipped_backbone
from core.class_sets.held_out import KEPT
from core.class_sets.set_files import SIDES
from core.class_sets.taught_set import TaughtAnswer, TaughtSet, answer
from core.images.encode import data_url
from core.language import gettext
from pages.parts.components import camera
from pages.parts.components.answer_bars import answer_bars
from pages.parts.components.canvas import canvas
from pages.parts.components.paste import paste
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.shared.preparation import reducer
from pages.parts.shared.uploads import File
from pages.parts.teach import activation_maps
from pages.parts.teach.picture_sources import SINGLE, pick_source

CAMERA = "live camera"  # key of the component


@st.fragment
@show_errors()
def show(taught: TaughtSet) -> None:
    """Draw the ways to bring a picture and the answer to it; only this part runs again for the next one."""
    source = pick_source(gettext("Picture to classify"), "source of a question")
    if source == "camera":
        _watch(taught)
        return
    with st.container():
        file = {"upload": _uploaded, "draw": _drawn, "paste": _pasted}[source]()
    if file is not None:
        _show_reasons(taught, _show_answer(taught, file, is_seen=source == "draw"))


def _watch(taught: TaughtSet) -> None:
    """Answer the camera's last picture, then ask for the next."""
    frame = camera.waiting(CAMERA)
    view, answers = st.container(), st.container()
    if frame is not None:
        with answers:
            _show_answer(taught, File.of("camera.jpg", frame[1]), is_seen=True)
    with view:
        camera.watch(CAMERA, frame[0] if frame else 0)


def _uploaded() -> File | None:
    uploaded = st.file_uploader(
        gettext("Picture"), SINGLE, key="picture to classify", label_visibility="collapsed"
    )
    return File.of(uploaded.name, uploaded.getvalue()) if uploaded else None


def _drawn() -> File | None:
    drawing = canvas("drawing to classify")
    return File.of("drawing.png", drawing) if drawing else None


def _pasted() -> File | None:
    pasted = paste("clipboard to classify")
    return File.of("pasted.png", pasted) if pasted else None


def _show_answer(taught: TaughtSet, file: File, *, is_seen: bool) -> Image.Image:
    """Show the answer to a picture, and the picture itself unless the visitor sees it already; return it."""
    content = reducer().reduce(file.content, file.name, SIDES)
    picture = reduced_picture(content)
    found = answer(taught, picture, shipped_backbone())
    if not is_seen:
        small = picture.copy()
        small.thumbnail((240, 160))
        st.image(data_url(small, jpeg=True), alt=gettext("The picture to classify"))
    st.markdown(_words(taught, found), help=_help())
    answer_bars(taught.classes.names, found.probabilities.tolist(), key="answer", pale=found.is_none_of_these)
    return picture


def _show_reasons(taught: TaughtSet, picture: Image.Image) -> None:
    """Show which places of the picture speak for the answer, once this is asked for."""
    section = st.expander(
        gettext("Why this answer?"), icon=":material/help:", on_change="rerun", key="why this class"
    )
    if section.open:
        with section:
            activation_maps.show(taught, picture, key="live")


def _words(taught: TaughtSet, found: TaughtAnswer) -> str:
    if found.is_none_of_these:
        return gettext("### None of these")
    return "### " + escape_markdown(taught.classes.names[found.best])


def _help() -> str:
    return gettext(
        "Probabilities are calibrated on held-out pictures. “None of these” means that the picture is less "
        "like every class than {share:.0%} of the held-out pictures were.",
        share=KEPT,
    )
