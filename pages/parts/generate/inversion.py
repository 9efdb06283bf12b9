"""Closest: the latent point that best redraws a visitor's picture, and what lies around it."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from core.errors import ConfigError, ImageError
from core.images.encode import arrays, png
from core.images.grid import grid
from core.inference.picture_reading import prepare
from core.latent.inversion import Found, invert
from core.latent.latent_links import from_code, to_code
from pages.parts.components.canvas import canvas
from pages.parts.generate import common
from pages.parts.generate.common import Source
from pages.parts.shared import model_picker

POINT = "point"  # in the link
LARGE = 7
VARIATIONS = 20
TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff", "avif"]


def search(source: Source) -> None:
    """Draw or upload a digit; the generator redraws it."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        glyph = _glyph(source)
    with right:
        if glyph is not None:
            label = _asked_class(source, glyph)
            _search(source, glyph, label)
        point = _point(source)
        if point is None:
            _invitation()
            return
        label, latent = point
        _result(source, glyph, label, latent)


def _glyph(source: Source) -> np.ndarray | None:
    """The visitor's picture as the generator would draw it, H×W×C uint8."""
    way = st.segmented_control(
        "Picture", ["Draw", "Upload"], default="Draw", required=True, key="closest way"
    )
    if way == "Draw":
        content = canvas("closest drawing")
    else:
        file = st.file_uploader("A picture with one digit", TYPES, key="closest upload")
        content = file.getvalue() if file else None
    if not content:
        return None
    glyphs = prepare(content, "drawing.png").reading.glyphs
    if not glyphs:
        raise ImageError("No ink was found in this picture; draw one digit, or upload a picture of one.")
    pixels = glyphs[0].pixels[..., None]
    if pixels.shape != source.generator.card.shape:
        raise ImageError("This generator does not draw grey images of 28×28; choose one of digits.")
    if len(glyphs) > 1:
        st.caption(f"The picture has {len(glyphs)} pieces; the first is redrawn.")
    return pixels


def _asked_class(source: Source, glyph: np.ndarray) -> int:
    """The class to redraw it as: what the first classifier reads, unless the visitor says otherwise."""
    readers = common.judges(source)
    read = int(model_picker.classifier(readers[0]).logits(glyph[None]).argmax()) if readers else 0
    options: list[str | None] = ["as it is read", *source.classes]
    chosen = st.selectbox("Redraw it as", options, key="redraw as", width=200)
    return read if chosen == options[0] else options.index(chosen) - 1


def _search(source: Source, glyph: np.ndarray, label: int) -> None:
    """Searches, unless this very search was done or stopped; the best so far is kept round by round."""
    digest = hashlib.sha256(glyph.tobytes()).hexdigest()
    asked = (source.choice.key, digest, label)
    state = st.session_state
    if state.get("closest asked") == asked:
        if not state.get("closest done"):
            st.warning(
                "The search was stopped; below is the best that it had found.", icon=":material/stop_circle:"
            )
            if st.button("Search on", icon=":material/play_arrow:"):
                del state["closest asked"]
                st.rerun()
        return
    state["closest asked"], state["closest done"] = asked, False
    bar = st.progress(0.0, "Searching")
    stop = st.empty()
    stop.button("Stop", icon=":material/stop:", key="closest stop")
    for found in invert(source.generator, glyph, label):
        _keep(label, found)
        bar.progress(found.progress, f"{found.drawn:,} images drawn, {found.error:.0f} grey levels away")
    state["closest done"] = True
    bar.empty()
    stop.empty()


def _keep(label: int, found: Found) -> None:
    st.session_state["closest error"], st.session_state["closest drawn"] = found.error, found.drawn
    st.query_params.update({POINT: to_code(found.latent), "as": str(label)})


def _point(source: Source) -> tuple[int, np.ndarray] | None:
    """The class and the point that the link says, which the search writes there."""
    code, label = st.query_params.get(POINT), st.query_params.get("as", "0")
    if code is None:
        return None
    if not (label.isascii() and label.isdigit() and len(label) < 4 and int(label) < len(source.classes)):
        raise ConfigError("The class in this link is none of this generator's; ask for the link again.")
    return int(label), from_code(code, source.generator.latent_size)


def _result(source: Source, glyph: np.ndarray | None, label: int, latent: np.ndarray) -> None:
    """The picture beside its redrawing, and variations of that."""
    image = source.generator.draw(np.array([label]), latent[None])[0]
    columns = st.columns(3)
    if glyph is not None:
        columns[0].image(
            png(grid(glyph[None], scale=LARGE)), alt="Your picture", caption="yours", width="content"
        )
    columns[1].image(
        png(grid(image[None], scale=LARGE)), alt="The closest image", caption="redrawn", width="content"
    )
    if glyph is not None:
        gap = np.abs(glyph.astype(int) - image).astype(np.uint8)
        columns[2].image(
            png(grid(gap[None], scale=LARGE)), alt="The difference", caption="difference", width="content"
        )
        error = np.sqrt(np.mean((glyph.astype(float) - image) ** 2))
        st.caption(
            f"{error:.0f} of 255 grey levels away in the mean (root of the mean square), after "
            f"{st.session_state.get('closest drawn', 0):,} images were drawn to feel the way."
        )
    st.markdown("**Vary it**")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        amount = st.slider("How far", 0.05, 1.0, 0.4, 0.05, key="far", bind="query-params", width=300)
        seed = common.seed()
    random = source.generator.latent(VARIATIONS, seed)
    length = np.linalg.norm(latent) / np.linalg.norm(random, axis=1, keepdims=True)
    around = np.sqrt(1 - amount**2) * latent + amount * length * random
    varied = source.generator.draw(np.full(VARIATIONS, label), around.astype(np.float32))
    sheet = png(grid(varied, columns=10, scale=2))
    st.image(sheet, alt=f"{VARIATIONS} variations, seed {seed}", width="content")
    stem = f"{source.name}-closest"
    common.downloads(
        png=(stem, png(grid(image[None], scale=LARGE))),
        npz=(
            stem,
            arrays(
                images=np.concatenate([image[None], varied]), latent=np.concatenate([latent[None], around])
            ),
        ),
    )


def _invitation() -> None:
    st.markdown(
        "**Draw a digit**, and the generator looks for the point of its latent space that redraws it best. "
        "What it cannot redraw, it has not learnt.\n\n"
        "Nothing but drawing is used: the search draws images a little beside a point, compares them with "
        "yours, and goes where they come closer."
    )
