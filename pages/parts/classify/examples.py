"""Sample pictures for visitors who have none."""

from __future__ import annotations

import io

import numpy as np
import streamlit as st
from PIL import Image, ImageOps

from core.datasets.synthetic.example_pictures import EXAMPLES
from core.images.encode import data_url
from core.language import gettext

TILE = (130, 88)  # pixels; two are side by side on a phone and in a narrow column
KEY = "example"
_STYLE = """<style>
[class*="st-key-tile-"] { position: relative; cursor: pointer; }
[class*="st-key-tile-"] :is(.stElementContainer, .stButton, .stTooltipIcon, button) { position: static; }
[class*="st-key-tile-"] button::after { content: ""; position: absolute; inset: 0; }
[class*="st-key-tile-"]:hover img { outline: 2px solid; border-radius: 0.4rem; }
</style>"""


def chosen() -> tuple[str, bytes] | None:
    """Return name and content of the example that the visitor has chosen; None before."""
    names = [example.name for example in EXAMPLES]
    name = st.session_state.get(KEY)
    return (name, _content(names.index(name))) if name in names else None


def show() -> None:
    """Show all examples as tiles; a click on a tile's picture is one on its button."""
    st.html(_STYLE)
    with st.container(horizontal=True):
        for i, example in enumerate(EXAMPLES):
            title = gettext(example.title)
            with st.container(width=TILE[0], gap="xsmall", key=f"tile {example.name}"):
                st.image(_tile(i), alt=gettext("Example: {title}", title=title), width="stretch")
                st.button(
                    title,
                    key=f"example {example.name}",
                    type="primary" if st.session_state.get(KEY) == example.name else "secondary",
                    width="stretch",
                    on_click=choose,
                    args=(example.name,),
                )


def choose(name: str = EXAMPLES[0].name) -> None:
    """Choose an example. To be called before the page's widgets are drawn."""
    st.session_state["source"] = "examples"
    st.session_state[KEY] = name


@st.cache_data(show_spinner=False)
def _content(place: int) -> bytes:
    return EXAMPLES[place].content()


@st.cache_data(show_spinner=False)
def _tile(place: int) -> str:
    """Return the example as a data URL: on a tile of its paper's colour, transparent parts on grey.

    A picture kept by the server would be gone if the page went on before the browser asked for it.
    """
    picture = Image.open(io.BytesIO(_content(place))).convert("RGBA")
    sheet = Image.new("RGBA", picture.size, (120, 118, 130, 255))
    sheet.alpha_composite(picture)
    red, green, blue = np.asarray(sheet)[0, 0, :3].tolist()
    # Twice as fine as shown, for screens with fine pixels.
    tile = ImageOps.pad(sheet.convert("RGB"), (2 * TILE[0], 2 * TILE[1]), color=(red, green, blue))
    return data_url(tile, jpeg=True)
