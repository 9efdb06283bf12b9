"""The picture that is looked at: the only one, or one among several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.inference.picture_reading import Prepared
from core.language import gettext
from pages.parts.classify import drawing_link, left_out, many_pictures, picture_input, reading_choice
from pages.parts.classify.reading_choice import Networks
from pages.parts.classify.told import Told, told
from pages.parts.shared import preparation
from pages.parts.shared.uploads import File


@dataclass(frozen=True)
class LookedAt:
    """A picture with what the networks say of it."""

    file: File | None  # None for a drawing in an old link
    prepared: Prepared  # without the marks that the visitor brought back,
    shown: Prepared  # and with them
    kind: str
    is_single: bool  # of all that was brought
    tasks: list[Told]

    @property
    def key(self) -> str:
        """Key of the picture."""
        return self.file.key if self.file else "linked"

    @property
    def of_glyphs(self) -> Told | None:
        """What is said of its glyphs, if the networks read any."""
        return next((one for one in self.tasks if one.reads_glyphs), None)


def find(files: Sequence[File], networks: Networks, choice: DeltaGenerator) -> LookedAt | None:
    """Return the picture to look at, with its answers; None if there is nothing to show.

    Draw the table of several pictures, and in ``choice`` the choice of networks.

    Raises:
        ImageError: when the picture cannot be read.
        BundleError: when a network is damaged.
    """
    drawing = None if files else drawing_link.linked()
    file = many_pictures.pick_picture(files, networks) if files else None
    if drawing:
        prepared = drawing
        kind = drawing.kind if networks.picked == reading_choice.AUTO else networks.picked
    elif file:
        prepared, kind = networks.prepare(file)
    else:
        return None
    is_single = many_pictures.is_single(files)
    with choice:
        reading_choice.pick_networks(networks, [kind] if is_single else many_pictures.kinds(files))
    readers = networks.readers(kind)
    if not readers:
        st.info(gettext("Choose at least one network."), icon=":material/touch_app:")
        return None
    if file and kind in reading_choice.WRITTEN and reading_choice.reads_glyphs(readers):
        prepared = preparation.upright(file, prepared, readers[0])
    shown = left_out.with_brought_back(prepared, file.key if file else "linked")
    read = picture_input.answer_prepared(shown, readers)
    tasks = [told(task, shown) for task in picture_input.group_by_classes(readers, read)]
    return LookedAt(file, prepared, shown, kind, is_single, tasks)
