"""Ready examples to click, for who has no picture at hand."""

from __future__ import annotations

import base64
import io

import numpy as np
import streamlit as st
from PIL import Image, ImageOps

from core.datasets.synthetic.example_pictures import EXAMPLES

TILE = (150, 100)  # pixels; two stand side by side on a phone
KEY = "example"


def chosen() -> tuple[str, bytes] | None:
    """Name and content of the example that was asked for, None before."""
    names = [example.name for example in EXAMPLES]
    name = st.session_state.get(KEY)
    return (name, _content(names.index(name))) if name in names else None


def show() -> None:
    """All examples as tiles; a click on a title asks for it."""
    with st.container(horizontal=True):
        for i, example in enumerate(EXAMPLES):
            with st.container(width=TILE[0], gap="xsmall"):
                st.image(_tile(i), alt=f"Example: {example.title}", width="stretch")
                st.button(
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
def _tile(place: int) -> str:
    """The example in a tile of its own paper's colour, what is transparent on grey, as a picture's address.

    It holds the picture: one kept by the server is gone if the page goes on before the browser asks for it.
    """
    picture = Image.open(io.BytesIO(_content(place))).convert("RGBA")
    sheet = Image.new("RGBA", picture.size, (120, 118, 130, 255))
    sheet.alpha_composite(picture)
    red, green, blue = np.asarray(sheet)[0, 0, :3].tolist()
    # Twice as fine as shown, for screens that are.
    tile = ImageOps.pad(sheet.convert("RGB"), (2 * TILE[0], 2 * TILE[1]), color=(red, green, blue))
    file = io.BytesIO()
    tile.save(file, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
