"""Ways to bring a picture, and the answers of the chosen networks to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from PIL import Image, ImageOps
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.images.digits import Step
from core.inference.classifier import Classifier
from core.inference.picture_reading import Answer, Prepared, answer
from core.language import N_, gettext
from pages.parts.classify import drawing_link, examples, share, visit
from pages.parts.components.canvas import canvas
from pages.parts.components.picture_catcher import picture_catcher
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
    "examples": N_("Examples"),
}
MAX_RATIO = 2  # height by width of a step's picture as it is shown


@dataclass(frozen=True)
class ReadPicture:
    """A picture with each network's answers, in the order of the networks."""

    prepared: Prepared
    answers: list[list[Answer]]


def pick_source() -> str:
    """Show the ways to bring a picture; return the id of the chosen one."""
    if st.session_state.get("source") not in SOURCES:
        st.session_state["source"] = "upload"
    chosen: str | None = st.pills(
        gettext("Picture source"),
        list(SOURCES),
        required=True,
        format_func=lambda source: gettext(SOURCES[source]),
        key="source",
        on_change=_forget_link,
        wrap=True,
    )
    return chosen or "upload"


def pick_files(source: str) -> list[File]:
    """Show one way to bring a picture; return the files that the visitor has brought in this way."""
    if source == "draw":
        drawing = canvas("drawing", lasting=True)
        return [File.of("drawing.png", drawing)] if drawing else []
    if source == "examples":
        examples.show()
        example = examples.chosen()
        return [File.of(*example, is_example=True)] if example else []
    brought = _take_photograph() if source == "camera" else _upload()
    files = visit.files_of(brought, source)
    uploads.show_refused()
    visit.offer_removal(source)
    return files


def catch_pictures(source: str) -> None:
    """Take pictures that are pasted, or dropped anywhere on the page, as uploads."""
    picture_catcher("catcher", buttons=source == "upload", on_wanted=_switch_to_upload)


def _take_photograph() -> list[UploadedFile]:
    taken = st.camera_input(
        gettext("Take a photograph"),
        key="photograph",
        on_change=lambda: visit.drop_removed(list(filter(None, [st.session_state["photograph"]])), "camera"),
    )
    return [taken] if taken else []


def _upload() -> list[UploadedFile]:
    return st.file_uploader(
        gettext("Pictures"),
        TYPES,
        accept_multiple_files=True,
        key="pictures",
        help=gettext(
            "All common image formats, and ZIP files. Only you see what you bring; it stays on this server "
            "until you remove it, or for an hour after you leave."
        ),
        # This empties the uploads in the session's memory before the uploader copies them.
        on_change=lambda: visit.drop_removed(st.session_state["pictures"], "upload"),
    )


def _switch_to_upload() -> None:
    st.session_state["source"] = "upload"
    _forget_link()


def _forget_link() -> None:
    share.forget()
    drawing_link.forget()


def show_hint(source: str) -> None:
    """Say what to do while there is no picture yet."""
    st.markdown(
        gettext(
            "**Bring a picture** to see how the networks read it.\n\n"
            "Write a digit on paper and photograph it, or draw one here. The app finds the ink, cuts out "
            "each digit and shows the 28×28 pixels that the networks get. It also reads photographs of "
            "clothes and of many other things."
        )
    )
    if source == "upload":
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


def show_steps(prepared: Prepared) -> None:
    """Show a section with the steps from the file to the networks as a strip of pictures."""
    shown = prepared.reading.steps
    if not shown:
        return
    section = st.expander(
        gettext("From the picture to the pixels"), icon=":material/steps:", on_change="rerun", key="steps"
    )
    if not section.open:
        return
    with section:
        _show_strip(shown)


def _show_strip(shown: Sequence[Step]) -> None:
    for column, step in zip(st.columns(max(3, len(shown))), shown, strict=False):
        title = gettext(step.title)
        column.image(_padded(step.image), caption=title, alt=title, width="stretch")


def _padded(image: Image.Image) -> Image.Image:
    """Return the picture, with clear margins if it is so slim that it would be longer than the page."""
    wide = max(image.width, image.height // MAX_RATIO)
    return ImageOps.pad(image.convert("RGBA"), (wide, image.height)) if wide > image.width else image
