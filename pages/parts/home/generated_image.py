"""An image that a generator draws, and another one after each tap."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.encode import data_url
from core.language import gettext
from pages.parts.components.tap_picture import tap_picture
from pages.parts.shared import model_picker
from pages.parts.shared.error_messages import show_errors
from pages.parts.shared.model_picker import Choice

FIRST_SEED = 85  # it and the next ones are drawn well
_SEED = "home image"  # in the session's state


@st.fragment
@show_errors()
def show() -> None:
    """Show the image; a tap runs only this part again."""
    choice = _choice()
    if choice is None:
        st.caption(gettext("There is no generator yet. Train a GAN to see it draw here."))
        return
    generator = model_picker.generator(choice)
    seed = st.session_state.setdefault(_SEED, FIRST_SEED)
    label = seed % len(generator.card.classes)
    pixels = generator.draw(np.array([label]), generator.latent(1, seed))[0]
    name = generator.card.classes[label]
    tap_picture(
        data_url(pixels),
        alt=gettext("An image drawn by a GAN: {name}", name=name),
        hint=gettext("Draw another image"),
        key="home image tap",
        on_tap=_next,
    )
    st.caption(
        gettext(
            "Tap the picture for another one. A GAN drew it from {count} random numbers; nobody has drawn it "
            "before.",
            count=generator.latent_size,
        )
    )


def _choice() -> Choice | None:
    found = model_picker.choices("gan")
    preferred = (choice for choice in found if choice.key == model_picker.PREFERRED)
    return next(preferred, found[0] if found else None)


def _next() -> None:
    st.session_state[_SEED] += 1
