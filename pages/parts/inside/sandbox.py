"""Lay a kernel of the visitor's own over the picture, and pool the output by maximum and by mean."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures.maps import coloured
from core.inside.convolution import Convolution, decompose, forward, multiplications, parameters, window_box
from core.inside.sandbox import convolution
from core.language import gettext
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import equations, link_values
from pages.parts.inside.chosen_cell import chosen_cell
from pages.parts.inside.kernel_fields import edit_kernel, pick_kernel, pick_window
from pages.parts.inside.map_panels import SIDE
from pages.parts.inside.pooled_output import show_pooling, size_note
from pages.parts.shared.error_messages import show_errors


def show(glyph: np.ndarray) -> None:
    """Show the view of a glyph (28×28 uint8)."""
    st.caption(
        gettext(
            "Where the output is strong, the picture resembles the kernel; where it is blue, the picture is "
            "the opposite. Change a number or the stride, and see what is lost."
        )
    )
    _view((glyph / np.float32(255))[..., None])


@st.fragment
def _view(image: np.ndarray) -> None:
    with show_errors():
        kernel = pick_kernel()
        controls, shown = st.columns([4, 5], gap="large")
        with controls:
            edit_kernel(kernel)
            setting = pick_window(len(kernel))
        with shown:
            step = convolution(kernel, setting)
            st.html(equations.size_lines(setting.formula(len(image))))
            result = forward(step, image)
            _convolved(step, image, result)
        _sum(step, image, result)
        show_pooling(result)


def _convolved(step: Convolution, image: np.ndarray, result: np.ndarray) -> None:
    """Show the picture (H×W×1) and the output of the kernel, on which a cell can be chosen."""
    row, column = chosen_cell(result[..., 0])
    panels = [
        Panel(
            id="input",
            title=gettext("Your picture"),
            image=coloured(image[..., 0]),
            width=SIDE,
            alt=gettext("Your picture, with the window of the cell outlined"),
            note=gettext("{size}×{size} pixels from 0 to 1", size=len(image)),
            outlines={"window": window_box(step.geometry, row, column)},
        ),
        Panel(
            id="output",
            title=gettext("Output"),
            image=coloured(result[..., 0]),
            width=SIDE,
            alt=gettext("Output of the kernel"),
            note=size_note(result, row, column),
            cell=(row, column),
        ),
    ]
    pixels(panels, key="inside bench", on_pick=lambda _, r, c: link_values.put(row=r + 1, column=c + 1))


def _sum(step: Convolution, image: np.ndarray, result: np.ndarray) -> None:
    """Show the sum behind the chosen cell."""
    row, column = chosen_cell(result[..., 0])
    found = decompose(step, image, row, column, 0)
    st.html(equations.products(found, 0, (gettext("Window of your picture"), gettext("Kernel"))))
    st.html(equations.general_sum(step))
    st.html(equations.sum_lines(found, 0, gettext("Your picture")))
    st.caption(
        gettext(
            "{parameters} parameters; {products} products for each of {cells} cells are {total:,} "
            "multiplications. Numbers are rounded for display only.",
            parameters=parameters(step),
            products=step.kernel.size,
            cells=result.size,
            total=multiplications(step, *image.shape[:2]),
        )
    )
