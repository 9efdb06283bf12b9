"""Pool the output of the visitor's kernel, by maximum and by mean side by side."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures.maps import coloured
from core.inside.convolution import Step, forward, window_at, window_box
from core.inside.sandbox import WindowSetting, pooling
from core.language import N_, gettext
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import equations, link_values
from pages.parts.inside.chosen_cell import chosen_cell
from pages.parts.inside.kernel_fields import CELLS, MAX_VALUE
from pages.parts.inside.map_panels import SIDE

POOLINGS = {"maximum": N_("Maximum"), "mean": N_("Mean")}


def show_pooling(result: np.ndarray) -> None:
    """Show the output pooled by maximum and by mean."""
    st.markdown(gettext("**Pooling: the output shrinks to the maximum or the mean of each window**"))
    size, stride = link_values.number("pool", MAX_VALUE, 2), link_values.number("step", MAX_VALUE, 2)
    with st.container(horizontal=True):
        link_values.number_input(gettext("Pooling window"), "pool", size, MAX_VALUE, forgets=CELLS)
        link_values.number_input(gettext("Pooling stride"), "step", stride, MAX_VALUE, forgets=CELLS)
    setting = WindowSetting(size, stride)
    st.html(equations.size_lines(setting.formula(min(result.shape[:2]))))
    ways = {"maximum": pooling(setting, average=False), "mean": pooling(setting, average=True)}
    maps = {name: forward(step, result) for name, step in ways.items()}
    row, column = chosen_cell(maps["maximum"][..., 0], "poolrow", "poolcolumn")
    panels = [_pool_input(ways["maximum"], result, row, column)]
    panels += [
        Panel(
            id=name,
            title=gettext(POOLINGS[name]),
            image=coloured(made[..., 0]),
            width=SIDE,
            alt=gettext(POOLINGS[name]),
            note=size_note(made, row, column),
            cell=(row, column),
        )
        for name, made in maps.items()
    ]
    pixels(
        panels, key="inside pools", on_pick=lambda _, r, c: link_values.put(poolrow=r + 1, poolcolumn=c + 1)
    )
    window = window_at(ways["maximum"].geometry, result, row, column)
    for name, step in ways.items():
        st.html(equations.pool_lines(window, 0, step.average, float(maps[name][row, column, 0])))


def _pool_input(step: Step, result: np.ndarray, row: int, column: int) -> Panel:
    return Panel(
        id="pooled",
        title=gettext("Output of the kernel"),
        image=coloured(result[..., 0]),
        width=SIDE,
        alt=gettext("Output of the kernel, with the window of the cell outlined"),
        note=gettext("{height}×{width} cells", height=result.shape[0], width=result.shape[1]),
        outlines={"window": window_box(step.geometry, row, column)},
    )


def size_note(result: np.ndarray, row: int, column: int) -> str:
    """Return a map's size and the value of its chosen cell."""
    return gettext(
        "{height}×{width} cells; this one is {value}",
        height=result.shape[0],
        width=result.shape[1],
        value=equations.number(float(result[row, column, 0])),
    )
