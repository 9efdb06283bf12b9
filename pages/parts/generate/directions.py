"""Directions: the latent space's own axes as sliders, each named by what it measurably changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.images.encode import arrays, png
from core.images.grid import grid
from core.latent.directions import Axis, move_along, named_axes, principal_axes
from pages.parts.generate import common
from pages.parts.generate.common import IMAGES, Source

REACH = 3.0  # standard deviations to either side
STEPS = 7  # images beside a slider
LARGE = 8


def directions(source: Source) -> None:
    """An image, and what can be turned in it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = common.one_class(source, "base", index=3)
        seed = common.seed()
        place = st.number_input(
            "Image of that seed", 0, IMAGES - 1, 0, key="place", bind="query-params", width=150
        )
    scale = common.scale()
    turned(source, label, common.point(source, seed, place, scale))


def turned(source: Source, label: int, start: np.ndarray) -> None:
    """The axes as sliders on an image of a class at a latent point."""
    axes = _axes(source)
    named = [axis for axis in axes if axis.name != "form"]
    others = [axis for axis in axes if axis.name == "form"]
    left, right = st.columns([2, 3], gap="large")
    with right:
        amounts = [_slider(axis) for axis in named]
        with st.expander(f"{len(others)} more axes, which change the form"):
            amounts += [_slider(axis) for axis in others]
        st.button("Back to the middle", icon=":material/undo:", on_click=_reset, args=(axes,))
    axes = [*named, *others]
    point = move_along(start, axes, amounts)
    with left:
        before, after = source.generator.draw(np.full(2, label), np.stack([start, point]))
        st.image(png(grid(after[None], scale=LARGE)), alt="The image, turned", width="content")
        st.image(
            png(grid(before[None], scale=2)), alt="The image as it was", caption="as it was", width="content"
        )
        stem = f"{source.name}-turned"
        common.downloads(
            png=(stem, png(grid(after[None], scale=LARGE))),
            npz=(stem, arrays(images=after[None], latent=point[None], labels=np.array([label], np.uint8))),
        )
    st.markdown("**What each axis does to this image**, from −3 to +3")
    _strips(source, label, start, named or axes[:5])
    st.caption(
        "The axes are the principal components of the generator's first layer: of all directions these "
        "change it most, each independent of the others. What they change was measured on images drawn at "
        "both ends."
    )


def _strips(source: Source, label: int, start: np.ndarray, axes: Sequence[Axis]) -> None:
    at = np.linspace(-REACH, REACH, STEPS)
    latent = np.concatenate([[move_along(start, [axis], [amount]) for amount in at] for axis in axes])
    images = source.generator.draw(np.full(len(latent), label), latent)
    for axis, strip in zip(axes, np.split(images, len(axes)), strict=True):
        name, picture = st.columns([1, 3], vertical_alignment="center")
        name.markdown(f"{_title(axis)}  \n:small[{axis.words}]")
        picture.image(
            png(grid(strip, columns=STEPS, scale=2)), alt=f"{_title(axis)} from −3 to +3", width="content"
        )


def _slider(axis: Axis) -> float:
    return st.slider(
        _title(axis),
        -REACH,
        REACH,
        0.0,
        0.1,
        key=_key(axis),
        bind="query-params",
        help=axis.words,
        format="%+.1f",
    )


def _title(axis: Axis) -> str:
    return f"Axis {axis.rank}" if axis.name == "form" else axis.name.capitalize()


def _key(axis: Axis) -> str:
    return f"axis{axis.rank}"


def _reset(axes: Sequence[Axis]) -> None:
    for axis in axes:
        st.session_state[_key(axis)] = 0.0


def _axes(source: Source) -> list[Axis]:
    folder = source.choice.folder
    return _measured(str(folder), (folder / "card.json").stat().st_mtime, source)


@st.cache_resource(max_entries=8, show_spinner="Measuring the axes")
def _measured(folder: str, stamp: float, _source: Source) -> list[Axis]:
    """The axes of a generator, shared by all visitors."""
    return named_axes(_source.generator, principal_axes(_source.generator.bundle))
