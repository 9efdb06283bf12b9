"""Files of what was taught, for other programs; each is made when it is asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.bundles.bundle import pretrained
from core.class_sets import exports
from core.class_sets.exports import FILES, SCRIPT
from core.class_sets.features import BACKBONE, shipped_backbone
from core.class_sets.head_files import PortableHead
from core.class_sets.set_files import members
from core.class_sets.taught_set import TaughtSet
from core.language import gettext
from core.subprocesses import export_command
from pages.parts.shared import prepared_downloads
from pages.parts.shared.prepared_downloads import PreparedFile
from pages.parts.teach import chosen_set


def show(taught: TaughtSet) -> None:
    """Draw a button for each format."""
    st.header(gettext("Take it away"))
    st.caption(
        gettext(
            "Each network reads a picture as {side}×{side} RGB numbers from 0 to 255 and returns the "
            "probabilities of your classes, whose names are inside the file. LiteRT takes about 2 seconds, "
            "the others 15.",
            side=shipped_backbone().card.shape[0],
        )
    )
    prepared_downloads.show([*_networks(taught), _script(taught)])
    st.caption(
        gettext(
            "On the command line: {teach}, then {export}.",
            teach="`python -m core teach FOLDER --out BUNDLE`",
            export="`python -m core export BUNDLE --format litert --out model.tflite`",
        )
    )


def _networks(taught: TaughtSet) -> list[PreparedFile]:
    head = PortableHead.of(taught.head, taught.classes.names, taught.features.backbone)
    offered = {
        "litert": ("LiteRT", gettext("For phones and small machines, as Teachable Machine's; 7 MB.")),
        "keras": ("Keras", gettext("For further training: keras.saving.load_model.")),
        "saved_model": ("SavedModel", gettext("For TensorFlow Serving and TensorFlow.js.")),
    }
    if export_command.can_convert_to_onnx():
        offered["onnx"] = ("ONNX", gettext("For ONNX Runtime."))
    return [
        PreparedFile(label, FILES[form], partial(exports.exported, head, form), help)
        for form, (label, help) in offered.items()
    ]


def _script(taught: TaughtSet) -> PreparedFile:
    def made() -> bytes:
        return exports.script(
            pretrained(BACKBONE),
            taught.features.backbone,
            taught.head.temperature,
            members(chosen_set.store(), taught.classes),
        )

    return PreparedFile(
        gettext("Keras script"),
        FILES[SCRIPT],
        made,
        gettext("A short program that learns the same without this app, with your pictures."),
    )
