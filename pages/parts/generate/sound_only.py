"""The switch that leaves out broken images; links made before it existed show what they showed then."""

from __future__ import annotations

import streamlit as st

from core.inference.critic import SoundGenerator
from core.language import gettext
from pages.parts.shared import model_picker
from pages.parts.shared.model_picker import Choice

KEY = "sound"  # of the widget and of the link's parameter: "1" or "0"
OTHERS = {model_picker.MODEL, "part", KEY, "lang"}  # parameters that say nothing about images


def generator(choice: Choice) -> SoundGenerator | None:
    """Show the switch; return the generator that draws others in place of broken images, if it is on.

    None where the generator has no critic, or all its images are to be seen.
    """
    found = model_picker.sound_generator(choice)
    if found is None:
        st.query_params.pop(KEY, None)
        return None
    if KEY not in st.session_state:
        linked = st.query_params.get(KEY)
        # A link that describes images but has no such parameter was made before there was one.
        st.session_state[KEY] = linked == "1" if linked else set(st.query_params) <= OTHERS
    is_on = st.toggle(
        gettext("Leave out broken images"),
        key=KEY,
        help=gettext(
            "A small network, the critic, has learnt which of the generator's images are no good examples of "
            "their class. Another image is drawn in place of these. Links from before this switch leave it "
            "off, so that they show the same images as then."
        ),
    )
    if st.query_params.get(KEY) != str(int(is_on)):
        st.query_params[KEY] = str(int(is_on))
    return found if is_on else None
