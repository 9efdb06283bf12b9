"""View "Closest image": the latent point that best redraws a visitor's picture, and images near it."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from core.contract.preprocessing import WHOLE
from core.errors import ConfigError, ImageError
from core.images.encode import arrays, png
from core.images.grid import enlargement, grid
from core.images.whole_picture import framed, whole_picture
from core.inference.picture_reading import glyphs_for
from core.language import N_, gettext
from core.latent.inversion import FoundLatent, invert
from core.latent.latent_links import from_code, to_code
from core.latent.variation import difference, is_unlike, root_mean_square, vary
from pages.parts.components.canvas import canvas
from pages.parts.generate import image_downloads, input_fields
from pages.parts.generate.source import Source
from pages.parts.shared import model_picker, preparation, uploads
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.uploads import File

POINT = "point"  # in the link
LARGE, SMALL = 196, 56  # pixels of an image on the screen
VARIATIONS = 20
TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff", "avif", "heic", "heif"]
PICTURE_SOURCES = {"draw": N_("Draw"), "upload": N_("Upload")}
AS_CLASSIFIED = "read"  # the id of the choice that leaves the class to the first classifier
ANY = "any"  # the id of the choice that leaves it to the search


def show(source: Source) -> None:
    """Let the visitor bring a picture; search the point that redraws it, and show what it draws."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        image = _image(source)
    with right:
        if image is not None:
            _search(source, image, _class_to_draw(source, image))
        point = _point(source)
        if point is None:
            st.markdown(
                gettext(source.subject.redraw)
                + "\n\n"
                + gettext(
                    "The search only draws images: it compares images near a point with your picture and "
                    "moves to where they come closer."
                )
            )
            return
        label, latent = point
        _show_result(source, image, label, latent)
        _show_variations(source, label, latent)


def _image(source: Source) -> np.ndarray | None:
    """Return the visitor's picture as an image of the generator's shape (H×W×C uint8).

    Raises:
        ImageError: when the picture cannot be read, or has no ink where the generator draws with ink.
    """
    way = "upload"
    if source.subject.is_drawn_by_pen:
        way = pick_option(gettext("Picture source"), PICTURE_SOURCES, "closest way", default="draw")
    if way == "draw":
        drawing = canvas("closest drawing")
        files = [File.of("drawing.png", drawing)] if drawing else []
    else:
        file = st.file_uploader(gettext(source.subject.upload), TYPES, key="closest upload")
        files = uploads.move_to_disk([file] if file else [], "closest upload")
    preparation.start()
    if not files:
        return None
    wanted = source.generator.card.preprocessing
    prepared = preparation.prepared(files[0], thorough=wanted.kind != WHOLE)
    if wanted.kind == WHOLE:
        picture = prepared.picture.image
        return whole_picture(framed(picture) if source.subject.fills_images else picture, wanted)
    glyphs = glyphs_for(prepared, wanted)
    if not glyphs:
        raise ImageError("pages.no_ink")
    if len(glyphs) > 1:
        st.caption(gettext("The picture has {count} glyphs; the first one is redrawn.", count=len(glyphs)))
    return glyphs[0].pixels.reshape(wanted.shape)


def _class_to_draw(source: Source, image: np.ndarray) -> int | None:
    """Return the class to redraw the image as: the visitor's choice, or what the first classifier reads.

    None stands for any class, which is the first choice where no classifier knows them.
    """
    if len(source.classes) == 1:
        return 0
    readers = model_picker.classifiers_for(source.choice)
    automatic = {AS_CLASSIFIED: gettext("As classified")} if readers else {}
    automatic[ANY] = gettext("Closest class")
    names = automatic | {str(k): name for k, name in enumerate(source.classes)}
    chosen = st.selectbox(
        gettext("Redraw as"), list(names), format_func=lambda k: names[k], key="redraw as", width=200
    )
    if chosen == AS_CLASSIFIED:
        return int(model_picker.classifier(readers[0]).logits(image[None]).argmax())
    return None if chosen in (None, ANY) else int(chosen)


def _search(source: Source, image: np.ndarray, label: int | None) -> None:
    """Search, unless this very search was done or stopped; keep the best point after each round."""
    digest = hashlib.sha256(image.tobytes()).hexdigest()
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
    for found in invert(source.generator, image, label):
        _keep(found)
        bar.progress(
            found.progress,
            gettext(
                "{count:,} images drawn; the best is {error:.0f} levels away",
                count=found.drawn,
                error=found.error,
            ),
        )
    state["closest done"] = True
    bar.empty()
    stop.empty()


def _keep(found: FoundLatent) -> None:
    st.session_state["closest drawn"] = found.drawn
    st.query_params.update({POINT: to_code(found.latent), "as": str(found.label)})


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


def _show_result(source: Source, asked: np.ndarray | None, label: int, latent: np.ndarray) -> None:
    """Show the picture beside the image that comes closest to it."""
    image = source.generator.draw(np.array([label]), latent[None])[0]
    yours, redrawn, differing = st.columns(3)
    if asked is not None:
        yours.image(_large(asked), alt=gettext("Your picture"), caption=gettext("Yours"), width="content")
    redrawn.image(
        _large(image), alt=gettext("The closest image"), caption=gettext("Redrawn"), width="content"
    )
    if len(source.classes) > 1:
        redrawn.caption(gettext("Class {name}", name=escape_markdown(source.classes[label])))
    if asked is None:
        return
    differing.image(
        _large(difference(asked, image)),
        alt=gettext("The difference"),
        caption=gettext("Difference"),
        width="content",
    )
    st.caption(
        gettext(
            "The images differ by {error:.0f} of 255 levels (root mean square). The search has drawn "
            "{count:,} images.",
            error=root_mean_square(asked, image),
            count=st.session_state.get("closest drawn", 0),
        )
    )
    if source.generator.card.preprocessing.kind == WHOLE and is_unlike(asked, image):
        st.info(gettext(source.subject.unlike), icon=":material/help:")


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
        png(grid(varied, columns=10, scale=enlargement(varied, SMALL))),
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
    return png(grid(image[None], scale=enlargement(image[None], LARGE)))
