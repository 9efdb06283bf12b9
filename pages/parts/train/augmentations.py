"""Choose how the training images are changed at random, and explain the choice."""

from __future__ import annotations

import streamlit as st

from core.contract.config import AUGMENTATIONS
from core.contract.field_labels import AUGMENTATION_LABELS
from core.language import N_, gettext

EXPLANATIONS = {
    "none": N_("The images are not changed."),
    "mirror": N_("Random mirroring and small shifts: for clothes, never for digits."),
    "cutout": N_(
        "Mirror, with small changes of the colours; a random square is covered, so that no detail decides."
    ),
    "affine": N_("Small random rotations, scalings, shears and shifts, different in every epoch."),
    "photo": N_("Affine, plus elastic distortion, stroke width, blur, noise and contrast as in photographs."),
    "shift": N_("Random shifts alone, by up to two pixels."),
    "turn": N_("Random turns alone, by up to 12 degrees."),
    "scale": N_("Random scalings of each axis alone, by up to 15%."),
    "elastic": N_("Elastic distortion alone, as if the paper were rubber."),
    "noise": N_("Random noise alone, of a different strength in each image."),
    "square": N_("Cut-out alone: a small random square is covered."),
    "together": N_("Shift, turn, scale, elastic distortion, noise and cut-out, all together."),
}


def choose(label: str, first: str, key: str) -> str:
    """Draw a list of the augmentations, with ``first`` chosen at first, and return the choice."""
    chosen = st.selectbox(
        label,
        AUGMENTATIONS,
        AUGMENTATIONS.index(first),
        format_func=lambda name: gettext(AUGMENTATION_LABELS[name]),
        key=key,
    )
    assert chosen is not None  # the list is not empty
    return chosen


def explain(chosen: str) -> None:
    """Write what the augmentation does."""
    st.caption(gettext(EXPLANATIONS[chosen]))
