"""Links that carry a drawing: ``?drawing=…`` opens with the same answer."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image

from core.images.decode import Picture
from core.images.digits import Glyph, Reading
from core.images.glyph_links import SIDE, from_code, to_code
from core.inference.picture_reading import Prepared

KEY = "drawing"


def is_linked() -> bool:
    """Return whether the page's link has a drawing, which may be damaged."""
    return bool(st.query_params.get(KEY))


def linked() -> Prepared | None:
    """Return the drawing in the page's link; None without one.

    Raises:
        ImageError: when the link is damaged or too long.
    """
    code = st.query_params.get(KEY)
    if not code:
        return None
    pixels = from_code(code)
    sheet = Image.fromarray(255 - np.concatenate(pixels, axis=1)).convert("RGB")
    glyphs = (Glyph(p, (i * SIDE, 0, (i + 1) * SIDE, SIDE), 0) for i, p in enumerate(pixels))
    return Prepared("drawing.png", Picture(sheet, sheet.size, "PNG"), Reading(tuple(glyphs), ()))


def forget() -> None:
    """Remove the drawing from the page's link: the visitor has turned to something else."""
    st.query_params.pop(KEY, None)


def code_of(prepared: Prepared) -> str | None:
    """Return the code of a picture's glyphs, None if there are none, or too many for a link."""
    return to_code([glyph.pixels for glyph in prepared.reading.glyphs])
