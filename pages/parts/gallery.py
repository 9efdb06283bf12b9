"""Ready examples to click, for who has no picture at hand."""

from __future__ import annotations

import io

import streamlit as st
from PIL import Image

from core.datasets.examples import EXAMPLES
from core.images.grid import png

COLUMNS = 2
TILE = (180, 120)  # pixels
KEY = "example"


def chosen() -> tuple[str, bytes] | None:
    """Name and content of the example that was asked for, None before."""
    names = [example.name for example in EXAMPLES]
    name = st.session_state.get(KEY)
    return (name, _content(names.index(name))) if name in names else None


def show() -> None:
    """All examples as tiles; a click on a title asks for it."""
    for start in range(0, len(EXAMPLES), COLUMNS):
        for i, column in enumerate(st.columns(COLUMNS), start):
            example = EXAMPLES[i]
            column.image(_tile(i), alt=f"Example: {example.title}", width="stretch")
            column.button(
                example.title,
                key=f"example {example.name}",
                type="primary" if st.session_state.get(KEY) == example.name else "secondary",
                width="stretch",
                on_click=ask,
                args=(example.name,),
            )


def ask(name: str = EXAMPLES[0].name) -> None:
    """Asks for an example; to be called before the page's widgets are drawn."""
    st.session_state["source"] = "examples"
    st.session_state[KEY] = name


@st.cache_data(show_spinner=False)
def _content(place: int) -> bytes:
    return EXAMPLES[place].content()


@st.cache_data(show_spinner=False)
def _tile(place: int) -> bytes:
    """The example in a tile of its own paper's colour, what is transparent on grey."""
    picture = Image.open(io.BytesIO(_content(place))).convert("RGBA")
    sheet = Image.new("RGBA", picture.size, (120, 118, 130, 255))
    sheet.alpha_composite(picture)
    sheet.thumbnail(TILE)
    tile = Image.new("RGB", TILE, sheet.convert("RGB").getpixel((0, 0)))
    tile.paste(sheet.convert("RGB"), ((TILE[0] - sheet.width) // 2, (TILE[1] - sheet.height) // 2))
    return png(tile)
