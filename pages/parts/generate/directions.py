"""View "Directions": the latent space's own axes as sliders, named by what they measurably change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.images.encode import arrays, png
from core.images.grid import enlargement, grid
from core.language import N_, gettext, ngettext
from core.latent.directions import Axis, move_along, named_axes, principal_axes
from pages.parts.generate import image_downloads, input_fields
from pages.parts.generate.source import Source, latent_point
from pages.parts.shared.process_cache import kept_in_process

REACH = 3.0  # standard deviations to either side
STEPS = 7  # images beside a slider
LARGE, SMALL = 224, 56  # pixels of an image on the screen
LABELS = {
    "slant": N_("Slant"),
    "width": N_("Width"),
    "height": N_("Height"),
    "size": N_("Size"),
    "stroke_weight": N_("Stroke weight"),
    "brightness": N_("Brightness"),
    "warmth": N_("Warm colours"),
    "colourfulness": N_("Colourfulness"),
    "hair": N_("Light hair"),
    "skin": N_("Light skin"),
    "background": N_("Light background"),
}


def show(source: Source) -> None:
    """Show an image, and a slider for each axis that changes it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = input_fields.one_class(source, "base", first=3)
        seed = input_fields.seed()
        number = input_fields.image_number("place")
    _show_axes(source, label, latent_point(source, label, seed, number, input_fields.scale()))


def _show_axes(source: Source, label: int, start: np.ndarray) -> None:
    axes = _axes(source)
    named = [axis for axis in axes if axis.name in LABELS]
    others = [axis for axis in axes if axis.name not in LABELS]
    left, right = st.columns([2, 3], gap="large")
    with right:
        amounts = [_slider(axis) for axis in named]
        with st.expander(
            ngettext(
                "{count} more axis that changes the shape",
                "{count} more axes that change the shape",
                len(others),
            ),
            key="more axes",
        ):
            amounts += [_slider(axis) for axis in others]
        st.button(
            gettext("Reset axes"), icon=":material/undo:", on_click=_reset, args=(axes,), key="reset axes"
        )
    point = move_along(start, [*named, *others], amounts)
    with left:
        _show_change(source, label, start, point)
    st.markdown(gettext("**What each axis does to this image**, from −3 to +3 standard deviations"))
    _show_strips(source, label, start, named or axes[:5])
    st.caption(
        gettext(
            "The axes are the principal components of the generator's first layer: the independent "
            "directions that change this layer most. What each axis changes was measured on images drawn at "
            "both of its ends."
        )
    )


def _show_change(source: Source, label: int, start: np.ndarray, point: np.ndarray) -> None:
    before, after = source.generator.draw(np.full(2, label), np.stack([start, point]))
    large = png(grid(after[None], scale=enlargement(after[None], LARGE)))
    st.image(large, alt=gettext("The image after the change"), width="content")
    st.image(
        png(grid(before[None], scale=enlargement(before[None], SMALL))),
        alt=gettext("The image before the change"),
        caption=gettext("Before"),
        width="content",
    )
    image_downloads.show(
        f"{source.name}-directions",
        png=lambda: large,
        npz=lambda: arrays(images=after[None], latent=point[None], labels=np.array([label], np.uint8)),
    )


def _show_strips(source: Source, label: int, start: np.ndarray, axes: Sequence[Axis]) -> None:
    amounts = np.linspace(-REACH, REACH, STEPS)
    latent = np.concatenate([[move_along(start, [axis], [amount]) for amount in amounts] for axis in axes])
    images = source.generator.draw(np.full(len(latent), label), latent)
    for axis, strip in zip(axes, np.split(images, len(axes)), strict=True):
        name, picture = st.columns([1, 3], vertical_alignment="center")
        name.markdown(f"{_label(axis)}  \n:small[{axis.words}]")
        picture.image(
            png(grid(strip, columns=STEPS, scale=enlargement(strip, SMALL))),
            alt=gettext("{axis} from −3 to +3", axis=_label(axis)),
            width="content",
        )


def _slider(axis: Axis) -> float:
    return st.slider(
        _label(axis),
        -REACH,
        REACH,
        0.0,
        0.1,
        key=_key(axis),
        bind="query-params",
        help=axis.words,
        format="%+.1f",
    )


def _label(axis: Axis) -> str:
    if axis.name in LABELS:
        return gettext(LABELS[axis.name])
    return gettext("Axis {number}", number=axis.rank)


def _key(axis: Axis) -> str:
    return f"axis{axis.rank}"


def _reset(axes: Sequence[Axis]) -> None:
    for axis in axes:
        st.session_state[_key(axis)] = 0.0


def _axes(source: Source) -> list[Axis]:
    folder = source.choice.folder
    with st.spinner(gettext("Measuring the axes")):
        return _measured(str(folder), (folder / "card.json").stat().st_mtime, source)


@kept_in_process(8)
def _measured(folder: str, stamp: float, _source: Source) -> list[Axis]:
    """Return the axes of a generator, shared by all visitors."""
    return named_axes(_source.generator, principal_axes(_source.generator.bundle))
