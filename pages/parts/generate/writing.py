"""Write it: a number that is typed, in handwriting."""

from __future__ import annotations

import streamlit as st

from core.images.encode import png
from core.latent.writing import MOST_CHARACTERS, write
from pages.parts.generate import common
from pages.parts.generate.common import Source

ENLARGED = 3


def writing(source: Source) -> None:
    """A number or a telephone number, each digit drawn anew."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Number", "2026", key="text", bind="query-params", width=240)
        seed = common.seed()
    one_hand = st.toggle(
        "In one hand",
        True,
        key="hand",
        bind="query-params",
        help="All digits share most of their latent point, and so slant, width and pen; without it, each has "
        "its own.",
    )
    scale = common.scale()
    picture = write(source.generator, text or "", seed, one_hand, scale)
    large = picture.resize((picture.width * ENLARGED, picture.height * ENLARGED))
    with st.container(key="paper"):  # the ink is black, whatever the theme
        st.html("<style>.st-key-paper img { background: #fff; padding: 0.5rem; border-radius: 4px; }</style>")
        st.image(png(large), alt=f"{text[:MOST_CHARACTERS]} in the generator's handwriting", width="content")
    common.downloads(png=(f"{source.name}-written-{seed}", png(large)))
    st.caption("The paper is transparent in the downloaded file.")
