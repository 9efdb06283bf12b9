"""View "Closest image": the latent point that best redraws a visitor's picture, and images near it."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from core.errors import ConfigError, ImageError
from core.images.encode import arrays, png
from core.images.grid import grid
from core.inference.picture_reading import glyphs_for
from core.language import N_, gettext
from core.latent.inversion import FoundLatent, invert
from core.latent.latent_links import from_code, to_code
from core.latent.variation import difference, root_mean_square, vary
from pages.parts.components.canvas import canvas
from pages.parts.generate import image_downloads, input_fields
from pages.parts.generate.source import Source
from pages.parts.shared import model_picker, preparation, uploads
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.uploads import File

POINT = "point"  # in the link
LARGE = 7  # times as large as the image is
VARIATIONS = 20
TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff", "avif", "heic", "heif"]
PICTURE_SOURCES = {"draw": N_("Draw"), "upload": N_("Upload")}
AS_CLASSIFIED = "read"  # the id of the choice that leaves the class to the first classifier


def show(source: Source) -> None:
    """Let the visitor draw or upload a digit; search the point that redraws it, and show what it draws."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        glyph = _glyph(source)
    with right:
        if glyph is not None:
            _search(source, glyph, _class_to_draw(source, glyph))
        point = _point(source)
        if point is None:
            _show_hint()
            return
        label, latent = point
        _show_result(source, glyph, label, latent)
        _show_variations(source, label, latent)


def _glyph(source: Source) -> np.ndarray | None:
    """Return the visitor's picture as an image of the generator's shape (H×W×C uint8).

    Raises:
        ImageError: when the picture cannot be read, has no ink, or the generator draws no such images.
    """
    way = pick_option(gettext("Picture source"), PICTURE_SOURCES, "closest way", default="draw")
    if way == "draw":
        drawing = canvas("closest drawing")
        files = [File.of("drawing.png", drawing)] if drawing else []
    else:
        file = st.file_uploader(gettext("A picture with one digit"), TYPES, key="closest upload")
        files = uploads.move_to_disk([file] if file else [], "closest upload")
    preparation.start()
    if not files:
        return None
    card = source.generator.card
    glyphs = glyphs_for(preparation.prepared(files[0]), card.preprocessing)
    if not glyphs:
        raise ImageError("pages.no_ink")
    if len(glyphs) > 1:
        st.caption(gettext("The picture has {count} glyphs; the first one is redrawn.", count=len(glyphs)))
    return glyphs[0].pixels.reshape(card.shape)


def _class_to_draw(source: Source, glyph: np.ndarray) -> int:
    """Return the class to redraw the glyph as: the visitor's choice, or what the first classifier reads."""
    readers = model_picker.classifiers_for(source.choice)
    read = int(model_picker.classifier(readers[0]).logits(glyph[None]).argmax()) if readers else 0
    names = {str(k): name for k, name in enumerate(source.classes)}
    chosen = st.selectbox(
        gettext("Redraw as"),
        [AS_CLASSIFIED, *names],
        format_func=lambda k: names.get(k) or gettext("As classified"),
        key="redraw as",
        width=200,
    )
    return read if chosen in (None, AS_CLASSIFIED) else int(str(chosen))


def _search(source: Source, glyph: np.ndarray, label: int) -> None:
    """Search, unless this very search was done or stopped; keep the best point after each round."""
    digest = hashlib.sha256(glyph.tobytes()).hexdigest()
    asked = (source.choice.key, digest, label)
    state = st.session_state
    if state.get("closest asked") == asked:
        if not state.get("closest done"):
            st.warning(
                gettext("The search was stopped. The best image so far is below."),
                icon=":material/stop_circle:",
            )
            if st.button(gettext("Continue search"), icon=":material/play_arrow:", key="closest continue"):
                del state["closest asked"]
                st.rerun()
        return
    state["closest asked"], state["closest done"] = asked, False
    bar = st.progress(0.0, gettext("Searching"))
    stop = st.empty()
    stop.button(gettext("Stop search"), icon=":material/stop:", key="closest stop")
    for found in invert(source.generator, glyph, label):
        _keep(label, found)
        bar.progress(
            found.progress,
            gettext(
                "{count:,} images drawn; the best is {error:.0f} grey levels away",
                count=found.drawn,
                error=found.error,
            ),
        )
    state["closest done"] = True
    bar.empty()
    stop.empty()


def _keep(label: int, found: FoundLatent) -> None:
    st.session_state["closest drawn"] = found.drawn
    st.query_params.update({POINT: to_code(found.latent), "as": str(label)})


def _point(source: Source) -> tuple[int, np.ndarray] | None:
    """Return the class and the point in the link, where the search writes them; None without a point.

    Raises:
        ConfigError: when the link is damaged, or made for another generator.
    """
    code, label = st.query_params.get(POINT), st.query_params.get("as", "0")
    if code is None:
        return None
    if not (label.isascii() and label.isdigit() and len(label) < 4 and int(label) < len(source.classes)):
        raise ConfigError("pages.class_in_link")
    return int(label), from_code(code, source.generator.latent_size)


def _show_result(source: Source, glyph: np.ndarray | None, label: int, latent: np.ndarray) -> None:
    """Show the picture beside the image that comes closest to it."""
    image = source.generator.draw(np.array([label]), latent[None])[0]
    yours, redrawn, differing = st.columns(3)
    if glyph is not None:
        yours.image(_large(glyph), alt=gettext("Your picture"), caption=gettext("Yours"), width="content")
    redrawn.image(
        _large(image), alt=gettext("The closest image"), caption=gettext("Redrawn"), width="content"
    )
    if glyph is None:
        return
    differing.image(
        _large(difference(glyph, image)),
        alt=gettext("The difference"),
        caption=gettext("Difference"),
        width="content",
    )
    st.caption(
        gettext(
            "The images differ by {error:.0f} of 255 grey levels (root mean square). The search has drawn "
            "{count:,} images.",
            error=root_mean_square(glyph, image),
            count=st.session_state.get("closest drawn", 0),
        )
    )


def _show_variations(source: Source, label: int, latent: np.ndarray) -> None:
    """Show images at random points near the point that was found."""
    st.markdown(gettext("**Variations**"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        amount = st.slider(
            gettext("Distance"), 0.05, 1.0, 0.4, 0.05, key="far", bind="query-params", width=300
        )
        seed = input_fields.seed()
    random = source.generator.latent(VARIATIONS, seed)
    around = vary(latent, random, amount)
    image = source.generator.draw(np.array([label]), latent[None])
    varied = source.generator.draw(np.full(VARIATIONS, label), around)
    st.image(
        png(grid(varied, columns=10, scale=2)),
        alt=gettext("{count} variations, seed {seed}", count=VARIATIONS, seed=seed),
        width="content",
    )
    image_downloads.show(
        f"{source.name}-closest",
        png=lambda: _large(image[0]),
        npz=lambda: arrays(
            images=np.concatenate([image, varied]), latent=np.concatenate([latent[None], around])
        ),
    )


def _large(image: np.ndarray) -> bytes:
    return png(grid(image[None], scale=LARGE))


def _show_hint() -> None:
    st.markdown(
        gettext(
            "**Draw a digit**, and the generator searches its latent space for the point whose image comes "
            "closest to it. If no image comes close, the generator has not learnt to draw such a digit.\n\n"
            "The search only draws images: it compares images near a point with your picture and moves "
            "to where they come closer."
        )
    )
