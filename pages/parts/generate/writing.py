"""View "Handwriting": a number that the visitor types, in the generator's handwriting."""

from __future__ import annotations

import streamlit as st

from core.images.encode import png
from core.language import gettext
from core.latent.writing import MOST_CHARACTERS, write
from pages.parts.generate import image_downloads, input_fields
from pages.parts.generate.source import Source

SCALE = 3


def show(source: Source) -> None:
    """Show a number or a telephone number, each digit drawn for this place."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(gettext("Number"), "2026", key="text", bind="query-params", width=240)
        seed = input_fields.seed()
    one_hand = st.toggle(
        gettext("Same handwriting"),
        True,
        key="hand",
        bind="query-params",
        help=gettext(
            "All digits share most of their latent point, and with it slant, width and pen. If this is off, "
            "each digit has its own."
        ),
    )
    picture = write(source.generator, text or "", seed, one_hand, input_fields.scale())
    large = picture.resize((picture.width * SCALE, picture.height * SCALE))
    with st.container(key="paper"):  # the ink is black, whatever the theme
        st.html("<style>.st-key-paper img { background: #fff; padding: 0.5rem; border-radius: 4px; }</style>")
        st.image(
            png(large),
            alt=gettext("{text} in the generator's handwriting", text=text[:MOST_CHARACTERS]),
            width="content",
        )
    image_downloads.show(f"{source.name}-written-{seed}", png=lambda: png(large))
    st.caption(gettext("The background is transparent in the downloaded file."))
