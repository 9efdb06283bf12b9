"""Show a network's maps of the visitor's picture, and the arithmetic of any of their cells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.figures.maps import columns, is_grey
from core.inside.convolution import Convolution, Pooling, decompose, window_at
from core.inside.highlights import strongest_channel, strongest_map
from core.inside.vector_steps import Dense, Flattening, Softmax
from core.language import N_, gettext
from pages.parts.components.pixel_grid import pixels
from pages.parts.inside import equations, link_values, own_model, shown_network, vector_layers
from pages.parts.inside.cell_panels import show_panels
from pages.parts.inside.chosen_cell import chosen_cell
from pages.parts.inside.cost_table import show_costs
from pages.parts.inside.map_panels import (
    input_panel,
    input_text,
    layer_panels,
    sums_panel,
)
from pages.parts.inside.map_scene import MapCell, Scene, scene_of
from pages.parts.inside.picture_choice import image_for, reads_colours
from pages.parts.inside.shown_network import ShownNetwork
from pages.parts.shared import model_picker, navigation, own_runs
from pages.parts.shared.error_messages import escape_markdown, show_errors

FIRST = "tutorial"  # the network that is shown at first: the one of the tutorial's own program
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
            "the more of the picture one cell sees. After the maps come single numbers, down to the "
            "probabilities: click any of them too."
        )
    )
    _network_view(glyph, known)


@st.fragment
def _network_view(glyph: np.ndarray, known: list[model_picker.Choice]) -> None:
    with show_errors():
        network = _pick_network(known)
        scene = scene_of(network, image_for(network.preprocessing, glyph))
        cell = _linked_cell(scene)
        _tell_of_colours(scene)
        _tell_what_is_left_out(scene)
        pixels(layer_panels(scene, cell), key="inside strip", on_pick=_map_taker(scene), strip=True)
        _cell_fields(scene, cell)
        _arithmetic(scene, cell)
        show_costs(scene, cell)


def _arithmetic(scene: Scene, cell: MapCell) -> None:
    """Show how the chosen number is computed."""
    step = scene.steps[cell.layer]
    if isinstance(step, Dense):
        vector_layers.show_dense(scene, cell, step)
    elif isinstance(step, Flattening):
        vector_layers.show_flattening(scene, cell, step)
    elif isinstance(step, Softmax):
        vector_layers.show_softmax(scene, cell, step)
    elif isinstance(step, Convolution):
        _convolution(scene, cell, step)
    else:
        _pooling(scene, cell, step)


def _pick_network(known: list[model_picker.Choice]) -> ShownNetwork:
    """Return the network in the link, else the tutorial's; show the choice, and the field for a file."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.container(width="content")
        own_model.offer(reads_rows=False)
    own = own_model.kept(reads_rows=False)
    by_key = {choice.key: choice for choice in sorted(known, key=lambda choice: choice.key != FIRST)}
    titles = {key: choice.title for key, choice in by_key.items()}
    titles |= {own_model.KEY: own_model.title(own)} if own else {}
    with place:
        key = link_values.select(
            gettext("Network"), "network", titles, forgets=("layer", "map", *OF_CELL), width=320
        )
    return own_model.network(own) if own and key == own_model.KEY else shown_network.of_choice(by_key[key])


def _linked_cell(scene: Scene) -> MapCell:
    """Return the cell in the link; without it the strongest cell of the strongest map."""
    layer = scene.names.index(link_values.option("layer", scene.names))
    maps = scene.maps[layer + 1]
    k = link_values.number("map", maps.shape[2], strongest_map(maps) + 1) - 1
    return MapCell(layer, k, *((0, 0) if scene.is_vector(layer) else chosen_cell(maps[..., k])))


def _tell_of_colours(scene: Scene) -> None:
    """Say how to give a network for colours more than a grey digit."""
    if reads_colours(scene.network.preprocessing) and is_grey(scene.maps[0]):
        st.caption(gettext(IN_COLOUR))


def _tell_what_is_left_out(scene: Scene) -> None:
    """Say from which layer on the numbers are missing, for a network that cannot be shown to its end."""
    left_out = scene.network.chain.left_out
    if left_out is None:
        return
    names = {"layer": escape_markdown(left_out.name), "kind": escape_markdown(left_out.kind)}
    if scene.network.chain.branches:
        st.caption(
            gettext(
                "This network branches: {layer} ({kind}) does not simply read the layer before it. The "
                "maps from there on are left out here. So is their arithmetic, such as that of sums (Add), "
                "joined maps (Concatenate) and depthwise convolutions.",
                **names,
            )
        )
    else:
        st.caption(
            gettext(
                "The numbers from {layer} ({kind}) on are left out: layers of this kind, or with these "
                "settings, cannot be taken apart here.",
                **names,
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
        if scene.is_vector(cell.layer):
            link_values.number_input(gettext("Number"), "map", cell.map + 1, count)
            return
        link_values.number_input(gettext("Map"), "map", cell.map + 1, count)
        link_values.number_input(gettext("Row"), "row", cell.row + 1, height)
        link_values.number_input(gettext("Column"), "column", cell.column + 1, width)


def _convolution(scene: Scene, cell: MapCell, step: Convolution) -> None:
    """Show the sum behind a cell of a convolution."""
    found = decompose(step, scene.maps[cell.layer], cell.row, cell.column, cell.map)
    count = len(found.channels)
    channel = link_values.number("input", count, strongest_channel(found.channels) + 1) - 1
    sums = [sums_panel(found.channels, channel)] if count > 1 else []
    show_panels(scene, cell, [input_panel(scene, cell, channel), *sums], count)
    window = input_text(scene, cell, channel, MAP_WINDOW, PICTURE_WINDOW)
    kernel = gettext("Kernel of map {number}", number=cell.map + 1)
    st.html(equations.products(found, channel, (window, kernel)))
    st.html(equations.general_sum(step))
    st.html(equations.sum_lines(found, channel, input_text(scene, cell, channel, MAP, PICTURE)))


def _pooling(scene: Scene, cell: MapCell, step: Pooling) -> None:
    """Show how a cell of a pooling follows from its window."""
    window = window_at(step.geometry, scene.maps[cell.layer], cell.row, cell.column)
    show_panels(scene, cell, [input_panel(scene, cell, cell.map)], 1)
    value = float(scene.maps[cell.layer + 1][cell.row, cell.column, cell.map])
    name = input_text(scene, cell, cell.map, MAP_WINDOW, PICTURE_WINDOW)
    st.html(equations.pool_window(window, cell.map, name))
    st.html(equations.pool_lines(window, cell.map, step.average, value))
