"""Remedies: where networks are weak, and by how much each remedy helps, as measured."""

import streamlit as st

from core.language import N_, gettext
from pages.parts.remedies import (
    attack_part,
    compression_part,
    corruption_part,
    data_part,
    doubt_part,
    explanation_part,
    feature_part,
)
from pages.parts.shared import navigation, view_picker
from pages.parts.shared.error_messages import show_errors

navigation.ensure_declared()

PARTS = {
    "corruptions": corruption_part.show,
    "doubt": doubt_part.show,
    "attacks": attack_part.show,
    "features": feature_part.show,
    "explanations": explanation_part.show,
    "compression": compression_part.show,
    "data": data_part.show,
}
LABELS = {
    "corruptions": N_("Does it break?"),
    "doubt": N_("Doubt"),
    "attacks": N_("Adversarial steps"),
    "features": N_("Features"),
    "explanations": N_("Are explanations true?"),
    "compression": N_("Compression"),
    "data": N_("Too little data"),
}

st.title(gettext("Remedies"))
st.caption(
    gettext(
        "Networks need many pictures, are hard to explain, and break easily. See by how much each remedy "
        "helps: every figure was measured, and its command stands beside it."
    )
)

with show_errors():
    view_picker.pick_view(gettext("Part of the page"), PARTS, "part", LABELS)()
