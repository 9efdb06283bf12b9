"""Ways to bring a picture, and the answers of the chosen networks to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from PIL import Image, ImageOps

from core.inference.classifier import Classifier
from core.inference.picture_reading import Answer, Prepared, answer
from core.language import N_, gettext
from pages.parts.classify import drawing_link, examples
from pages.parts.components.canvas import canvas
from pages.parts.components.paste import paste
from pages.parts.shared import uploads
from pages.parts.shared.uploads import File

TYPES = [
    "png", "apng", "jpg", "jpeg", "jfif", "webp", "tif", "tiff", "bmp", "dib", "gif", "avif", "heic", "heif",
    "ppm", "pgm", "pbm", "pnm", "ico", "cur", "icns", "tga", "pcx", "jp2", "j2k", "qoi", "sgi", "psd",
    "dds", "xbm", "zip",
]  # fmt: skip
SOURCES = {
    "upload": N_("Upload"),
    "draw": N_("Draw"),
    "camera": N_("Camera"),
    "paste": N_("Paste"),
    "examples": N_("Examples"),
}
MAX_RATIO = 2  # height by width of a step's picture as it is shown
MAX_BUTTONS = 12  # glyphs that a row of buttons can offer


@dataclass(frozen=True)
class ReadPicture:
    """A picture with each network's answers, in the order of the networks."""

    prepared: Prepared
    answers: list[list[Answer]]


def pick_files() -> list[File]:
    """Show the ways to bring a picture; return the files that the visitor has brought in the chosen way."""
    source = st.pills(
        gettext("Picture source"),
        list(SOURCES),
        default="upload",
        required=True,
        format_func=lambda source: gettext(SOURCES[source]),
        key="source",
        on_change=drawing_link.forget,
        wrap=True,
    )
    if source == "draw":
        drawing = canvas("drawing")
        return [File.of("drawing.png", drawing)] if drawing else []
    if source == "camera":
        photograph = st.camera_input(gettext("Take a photograph"), key="photograph")
        return [File.of("photograph.jpg", photograph.getvalue())] if photograph else []
    if source == "paste":
        pasted = paste("clipboard")
        return [File.of("pasted.png", pasted)] if pasted else []
    if source == "examples":
        examples.show()
        example = examples.chosen()
        return [File.of(*example, is_example=True)] if example else []
    uploaded = st.file_uploader(
        gettext("Pictures"),
        TYPES,
        accept_multiple_files=True,
        key="pictures",
        help=gettext("All common image formats, and ZIP files"),
        on_change=_move_to_disk,
    )
    files = uploads.move_to_disk(uploaded)
    uploads.show_refused()
    return files


def _move_to_disk() -> None:
    """Empty the uploads in the session's memory before the uploader copies them."""
    uploads.move_to_disk(st.session_state["pictures"])


def show_hint() -> None:
    """Say what to do while there is no picture yet."""
    st.markdown(
        gettext(
            "**Bring a picture** to see how the networks read it.\n\n"
            "Write a digit on paper and photograph it, or draw one here. The app finds the ink, cuts out "
            "each digit and shows the 28×28 pixels that the networks get. It also reads photographs of "
            "clothes and of many other things."
        )
    )
    if st.session_state["source"] == "upload":
        st.button(
            gettext("Try an example"),
            icon=":material/image:",
            on_click=examples.choose,
            key="try an example",
        )


def answer_prepared(prepared: Prepared, readers: Sequence[Classifier]) -> ReadPicture:
    """Return a prepared picture with every network's answers."""
    return ReadPicture(prepared, [answer(prepared, reader) for reader in readers])


def group_by_classes(
    readers: Sequence[Classifier], read: ReadPicture
) -> list[list[tuple[Classifier, list[Answer]]]]:
    """Return the networks with their answers, grouped by their tasks (see ``Card.task``)."""
    groups: dict[tuple[tuple[str, ...], str], list[tuple[Classifier, list[Answer]]]] = {}
    for reader, answers in zip(readers, read.answers, strict=True):
        groups.setdefault(reader.card.task, []).append((reader, answers))
    return list(groups.values())


def pick_glyph(count: int, key: str) -> int:
    """Show a choice among the glyphs of a picture; return the index of the chosen one, from 0 on."""
    if count == 1:
        return 0
    if count > MAX_BUTTONS:
        return st.number_input(gettext("Glyph"), 1, count, key=f"glyph of {count} {key}", width=140) - 1
    place = st.segmented_control(
        gettext("Glyph"),
        range(count),
        default=0,
        required=True,
        format_func=lambda i: f"{i + 1}",
        key=f"glyph {key}",
    )
    return place or 0


def show_steps(prepared: Prepared) -> None:
    """Show the steps from the file to the networks as a strip of pictures."""
    shown = prepared.reading.steps
    for column, step in zip(st.columns(max(3, len(shown))), shown, strict=False):
        title = gettext(step.title)
        column.image(_padded(step.image), caption=title, alt=title, width="stretch")


def _padded(image: Image.Image) -> Image.Image:
    """Return the picture, with clear margins if it is so slim that it would be longer than the page."""
    wide = max(image.width, image.height // MAX_RATIO)
    return ImageOps.pad(image.convert("RGBA"), (wide, image.height)) if wide > image.width else image
