"""Show the arithmetic after the maps: flattening, dense layers and softmax."""

from __future__ import annotations

import streamlit as st

from core.inside.convolution import decompose
from core.inside.highlights import strongest_channel
from core.inside.vector_steps import Dense, Flattening, Softmax
from core.language import gettext
from pages.parts.inside import link_values, vector_equations
from pages.parts.inside.cell_panels import SAME_NUMBER, show_panels
from pages.parts.inside.map_panels import flattened_panel, numbers_panel
from pages.parts.inside.map_scene import MapCell, Scene
from pages.parts.inside.step_equations import softmax_table


def show_flattening(scene: Scene, cell: MapCell, step: Flattening) -> None:
    """Show which cell of which map a number of the vector is."""
    show_panels(scene, cell, [flattened_panel(scene, cell)], 1)
    value = float(scene.maps[cell.layer + 1][0, 0, cell.map])
    st.html(vector_equations.flattening_lines(step, cell.map, value))


def show_dense(scene: Scene, cell: MapCell, step: Dense) -> None:
    """Show the sum behind a number of a dense layer: every input, its weight and their product."""
    found = decompose(step, scene.maps[cell.layer], 0, 0, cell.map)
    count = len(found.channels)
    chosen = link_values.number("input", count, strongest_channel(found.channels) + 1) - 1
    before = scene.names[cell.layer - 1] if cell.layer else gettext("your picture")
    panels = [
        numbers_panel("input", gettext("Input x: {layer}", layer=before), found.window.values[0, 0], chosen),
        numbers_panel("weights", gettext("Weights w"), found.kernel[0, 0], chosen, signed=True),
        numbers_panel("products", gettext("Products x · w"), found.channels, chosen, signed=True),
    ]
    show_panels(scene, cell, panels, count)
    st.html(vector_equations.dense_lines(found, chosen))


def show_softmax(scene: Scene, cell: MapCell, step: Softmax) -> None:
    """Show how all logits become the probability of one class."""
    logits = scene.maps[cell.layer][0, 0]
    panel = numbers_panel(SAME_NUMBER, gettext("Input: logits z"), logits, cell.map)
    show_panels(scene, cell, [panel], len(logits))
    st.html(softmax_table(logits, cell.map, scene.network.classes, step.temperature))
