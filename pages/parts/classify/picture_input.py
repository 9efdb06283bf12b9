"""The image inbox: what a visitor uploaded, read by the chosen networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from PIL import Image, ImageOps

from core.inference.classifier import Classifier
from core.inference.picture_reading import Answer, Prepared, answer, prepare
from pages.parts.classify import drawing_link, examples, preparation
from pages.parts.components.canvas import canvas
from pages.parts.components.paste import paste
from pages.parts.shared import uploads
from pages.parts.shared.uploads import File

TYPES = [
    "png", "apng", "jpg", "jpeg", "jfif", "webp", "tif", "tiff", "bmp", "dib", "gif", "avif", "heic",
    "ppm", "pgm", "pbm", "pnm", "ico", "cur", "icns", "tga", "pcx", "jp2", "j2k", "qoi", "sgi", "psd",
    "dds", "xbm", "zip",
]  # fmt: skip
SOURCES = {"upload": "Upload", "draw": "Draw", "camera": "Camera", "paste": "Paste", "examples": "Examples"}
TALL = 2  # times as high as wide a picture is shown at most
FEW = 12  # digits that a row of buttons can offer


@dataclass(frozen=True)
class Read:
    """A picture with each network's answers, in the order of the networks."""

    prepared: Prepared
    answers: list[list[Answer]]


def files() -> list[File]:
    """What the visitor brought, in the way that they chose."""
    source = st.pills(
        "Picture from",
        list(SOURCES),
        default="upload",
        required=True,
        format_func=lambda name: SOURCES[name],
        key="source",
        on_change=drawing_link.forget,
        wrap=True,
    )
    if source == "draw":
        drawing = canvas("drawing")
        return [File.of("drawing.png", drawing)] if drawing else []
    if source == "camera":
        photograph = st.camera_input("Photograph a digit", key="photograph")
        return [File.of("photograph.jpg", photograph.getvalue())] if photograph else []
    if source == "paste":
        pasted = paste("clipboard")
        return [File.of("pasted.png", pasted)] if pasted else []
    if source == "examples":
        examples.show()
        example = examples.chosen()
        return [File.of(*example)] if example else []
    uploaded = st.file_uploader(
        "Pictures",
        TYPES,
        accept_multiple_files=True,
        key="pictures",
        help="All usual formats, and ZIP files",
        on_change=_unburden,
    )
    return uploads.move_to_disk(uploaded)


def _unburden() -> None:
    """Empties the uploads that the session keeps, before the uploader gives copies of them."""
    uploads.move_to_disk(st.session_state["pictures"])


def invitation() -> None:
    """What stands where no picture is yet."""
    st.markdown(
        "**Bring a picture** to see it read.\n\n"
        "Write a digit on paper and photograph it, or draw one here. The app finds the ink, cuts out each "
        "digit and shows you the 28×28 pixels that the networks get."
    )
    if st.session_state["source"] == "upload":
        st.button("Try an example", icon=":material/image:", on_click=examples.ask)


def read_one(file: File, readers: Sequence[Classifier]) -> Read:
    """One picture with every network's answers.

    Raises:
        ImageError: when it cannot be read.
    """
    if st.session_state["source"] == "draw":  # small, our own, and answered after every stroke
        return answered(prepare(file.content, file.name), readers)
    return answered(preparation.prepared(file), readers)


def answered(prepared: Prepared, readers: Sequence[Classifier]) -> Read:
    """A prepared picture with every network's answers."""
    return Read(prepared, [answer(prepared, reader) for reader in readers])


def by_task(readers: Sequence[Classifier], read: Read) -> list[list[tuple[Classifier, list[Answer]]]]:
    """The networks with their answers, those that tell the same classes apart together."""
    tasks: dict[tuple[str, ...], list[tuple[Classifier, list[Answer]]]] = {}
    for reader, answers in zip(readers, read.answers, strict=True):
        tasks.setdefault(reader.card.classes, []).append((reader, answers))
    return list(tasks.values())


def pick_glyph(count: int) -> int:
    """The place of the digit to look at."""
    if count == 1:
        return 0
    if count > FEW:
        return st.number_input("Digit", 1, count, key=f"glyph of {count}", width=140) - 1
    place = st.segmented_control(
        "Digit", range(count), default=0, required=True, format_func=lambda i: f"{i + 1}", key="glyph"
    )
    return place or 0


def steps(prepared: Prepared) -> None:
    """The road from the file to the networks, as a strip of pictures."""
    shown = prepared.reading.steps
    for column, step in zip(st.columns(max(3, len(shown))), shown, strict=False):
        column.image(_no_strip(step.image), caption=step.title, alt=step.title, width="stretch")


def _no_strip(image: Image.Image) -> Image.Image:
    """The picture, with clear margins if it is so slim that stretched it would be longer than the page."""
    wide = max(image.width, image.height // TALL)
    return ImageOps.pad(image.convert("RGBA"), (wide, image.height)) if wide > image.width else image
