"""Show a network's maps of the visitor's picture, and the arithmetic of any of their cells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.figures.maps import columns, is_grey
from core.inside.convolution import Convolution, Pooling, decompose, window_at
from core.inside.highlights import strongest_channel, strongest_map
from core.language import N_, gettext
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import equations, link_values
from pages.parts.inside.chosen_cell import chosen_cell
from pages.parts.inside.cost_table import show_costs
from pages.parts.inside.map_panels import (
    field_panel,
    input_panel,
    input_text,
    layer_panels,
    output_panel,
    sums_panel,
)
from pages.parts.inside.map_scene import MapCell, Scene, scene_of
from pages.parts.inside.picture_choice import image_for, reads_colours
from pages.parts.shared import model_picker, navigation, own_runs
from pages.parts.shared.error_messages import show_errors

OF_CELL = ("row", "column", "input")  # values of the link that belong to one map
IN_COLOUR = N_(
    "This network reads pictures in colour. Upload one under “Your picture” to see its red, green and blue "
    "planes."
)
MAP, PICTURE = N_("Map {number} of {layer}"), N_("Your picture")
MAP_WINDOW, PICTURE_WINDOW = N_("Window of map {number} of {layer}"), N_("Window of your picture")


def show(glyph: np.ndarray) -> None:
    """Show the view of a glyph (28×28 uint8)."""
    own_runs.remember_id(st.query_params.get("network"))
    known = model_picker.choices("cnn")
    if not known:
        st.info(gettext("No CNN is available yet; train one first."), icon=":material/model_training:")
        st.page_link(navigation.TRAIN, label=gettext("Train a CNN"), icon=":material/arrow_forward:")
        return
    st.caption(
        gettext(
            "Each map answers one question about every place in the picture: is there an edge, a corner, an "
            "end? Click a map and one of its cells to see how its number is computed. The deeper the layer, "
            "the more of the picture one cell sees."
        )
    )
    _network_view(glyph, known)


@st.fragment
def _network_view(glyph: np.ndarray, known: list[model_picker.Choice]) -> None:
    with show_errors():
        network = model_picker.classifier(_pick_network(known))
        scene = scene_of(network, image_for(network.card, glyph))
        cell = _linked_cell(scene)
        _tell_of_colours(scene)
        _tell_what_is_left_out(scene)
        pixels(layer_panels(scene, cell), key="inside strip", on_pick=_map_taker(scene), strip=True)
        _cell_fields(scene, cell)
        if isinstance(scene.steps[cell.layer], Convolution):
            _convolution(scene, cell)
        else:
            _pooling(scene, cell)
        show_costs(scene, cell)


def _pick_network(known: list[model_picker.Choice]) -> model_picker.Choice:
    """Return the network in the link, else the first; show the choice if there are several."""
    by_key = {choice.key: choice for choice in known}
    titles = {key: choice.title for key, choice in by_key.items()}
    if len(known) == 1:
        return by_key[link_values.option("network", titles, label=titles.__getitem__)]
    forgets = ("layer", "map", *OF_CELL)
    return by_key[link_values.select(gettext("Network"), "network", titles, forgets=forgets, width=320)]


def _linked_cell(scene: Scene) -> MapCell:
    """Return the cell in the link; without it the strongest cell of the strongest map."""
    layer = scene.names.index(link_values.option("layer", scene.names))
    maps = scene.maps[layer + 1]
    k = link_values.number("map", maps.shape[2], strongest_map(maps) + 1) - 1
    return MapCell(layer, k, *chosen_cell(maps[..., k]))


def _tell_of_colours(scene: Scene) -> None:
    """Say how to give a network for colours more than a grey digit."""
    if reads_colours(scene.bundle.card) and is_grey(scene.maps[0]):
        st.caption(gettext(IN_COLOUR))


def _tell_what_is_left_out(scene: Scene) -> None:
    """Say from which layer on the maps are missing, for a network whose layers branch."""
    if scene.left_out is not None:
        st.caption(
            gettext(
                "This network branches: {layer} ({kind}) does not simply read the layer before it. The "
                "maps from there on are left out here. So is their arithmetic, such as that of sums (Add), "
                "joined maps (Concatenate) and depthwise convolutions. The costs below count all layers.",
                layer=scene.left_out.name,
                kind=scene.left_out.kind,
            )
        )


def _map_taker(scene: Scene) -> Callable[[str, int, int], None]:
    """Return the callback that writes a clicked map of a layer into the link."""

    def take(layer: str, row: int, column: int) -> None:
        count = scene.maps[scene.names.index(layer) + 1].shape[2]
        link_values.forget(*OF_CELL)
        link_values.put(layer=layer, map=row * columns(count) + column + 1)

    return take


def _cell_fields(scene: Scene, cell: MapCell) -> None:
    height, width, count = scene.maps[cell.layer + 1].shape
    layers = {name: name for name in scene.names}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        link_values.select(gettext("Layer"), "layer", layers, forgets=("map", *OF_CELL), width=130)
        link_values.number_input(gettext("Map"), "map", cell.map + 1, count)
        link_values.number_input(gettext("Row"), "row", cell.row + 1, height)
        link_values.number_input(gettext("Column"), "column", cell.column + 1, width)


def _convolution(scene: Scene, cell: MapCell) -> None:
    """Show the sum behind a cell of a convolution."""
    step = scene.steps[cell.layer]
    assert isinstance(step, Convolution)  # the caller has looked
    found = decompose(step, scene.maps[cell.layer], cell.row, cell.column, cell.map)
    count = len(found.channels)
    channel = link_values.number("input", count, strongest_channel(found.channels) + 1) - 1
    sums = [sums_panel(found.channels, channel)] if count > 1 else []
    _cell_panels(scene, cell, [input_panel(scene, cell, channel), *sums], count)
    window = input_text(scene, cell, channel, MAP_WINDOW, PICTURE_WINDOW)
    kernel = gettext("Kernel of map {number}", number=cell.map + 1)
    st.html(equations.products(found, channel, (window, kernel)))
    st.html(equations.sum_lines(found, channel, input_text(scene, cell, channel, MAP, PICTURE)))


def _pooling(scene: Scene, cell: MapCell) -> None:
    """Show how a cell of a pooling follows from its window."""
    step = scene.steps[cell.layer]
    assert isinstance(step, Pooling)  # the caller has looked
    window = window_at(step.geometry, scene.maps[cell.layer], cell.row, cell.column)
    _cell_panels(scene, cell, [input_panel(scene, cell, cell.map)], 1)
    value = float(scene.maps[cell.layer + 1][cell.row, cell.column, cell.map])
    name = input_text(scene, cell, cell.map, MAP_WINDOW, PICTURE_WINDOW)
    st.html(equations.pool_window(window, cell.map, name))
    st.html(equations.pool_lines(window, cell.map, step.average, value))


def _cell_panels(scene: Scene, cell: MapCell, inputs: list[Panel], count: int) -> None:
    """Show the picture, the panels of the input, and the output; ``count`` is the number of input maps."""

    def take(panel: str, row: int, column: int) -> None:
        if panel == "output":
            link_values.put(row=row + 1, column=column + 1)
        else:
            link_values.put(input=row * columns(count) + column + 1)

    field = [field_panel(scene, cell)] if cell.layer else []
    pixels([*field, *inputs, output_panel(scene, cell)], key="inside cell", on_pick=take)
