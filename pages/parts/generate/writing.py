"""View "Handwriting": numbers that the visitor types, in the generator's handwriting."""

from __future__ import annotations

import streamlit as st

from core.images.encode import png
from core.language import gettext
from core.latent.writing import MOST_CHARACTERS, write
from pages.parts.generate import image_downloads, input_fields
from pages.parts.generate.source import Source
from pages.parts.shared.error_messages import escape_markdown

SCALE = 4


def show(source: Source) -> None:
    """Show numbers, telephone numbers or sums, each digit drawn for this place."""
    # The fields that are changed less often are below, so that a phone shows the picture too.
    fields, shown = st.columns([4, 5], gap="large")
    with fields:
        text = st.text_area(
            gettext("Number"),
            "2026",
            key="text",
            bind="query-params",
            width=440,
            height=110,
            help=gettext(  # without `max_chars`, with which Streamlit drops a long text without a word
                "Up to {most} digits, spaces and signs + - ( ) . , / = : can be written, in several lines.",
                most=MOST_CHARACTERS,
            ),
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
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
    scale = input_fields.scale()
    with shown:
        _show_written(source, text or "", seed, one_hand, scale)


def _show_written(source: Source, text: str, seed: int, one_hand: bool, scale: float) -> None:
    written = write(source.drawer, text, seed, one_hand, scale)
    if written.left_out:
        st.caption(
            gettext(
                "Left out, because only digits and a few signs can be written: {characters}",
                characters=escape_markdown(" ".join(written.left_out)),
            )
        )
    picture = written.picture
    large = picture.resize((picture.width * SCALE, picture.height * SCALE))
    with st.container(key="paper"):  # the ink is black, whatever the theme
        st.html("<style>.st-key-paper img { background: #fff; padding: 0.5rem; border-radius: 4px; }</style>")
        st.image(png(large), alt=gettext("{text} in the generator's handwriting", text=text), width="content")
    image_downloads.show(f"{source.name}-written-{seed}", png=lambda: png(large))
    st.caption(gettext("The background is transparent in the downloaded file."))
