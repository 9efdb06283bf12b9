"""A network's maps of the visitor's picture, and the arithmetic of any of their cells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from core.bundles.bundle import Bundle
from core.bundles.saved_weights import SavedLayer, read_layers
from core.figures.maps import coloured, mosaic
from core.inference.classifier import Classifier
from core.inside.convolution import (
    Convolution,
    Pooling,
    Step,
    decompose,
    multiplications,
    parameters,
    window_at,
    window_box,
)
from core.inside.layer_costs import LayerCost, layer_costs
from core.inside.layer_steps import as_input, receptive_field, run, steps
from core.language import gettext
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import equations, link_values
from pages.parts.shared import model_picker, navigation, own_runs
from pages.parts.shared.error_messages import show_errors

SIDE = 236  # width of a map on the screen


@dataclass(frozen=True)
class MapCell:
    """A cell of one of a layer's maps, all counted from 0."""

    layer: int
    map: int
    row: int
    column: int


@dataclass(frozen=True)
class Scene:
    """A network with the visitor's picture in it."""

    classifier: Classifier
    road: tuple[Step, ...]
    maps: list[np.ndarray]  # the image, then each step's
    mosaics: list[np.ndarray]  # of each step's maps


def show(glyph: np.ndarray) -> None:
    """Show the view."""
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
    _scene(glyph, known)


@st.fragment
def _scene(glyph: np.ndarray, known: list[model_picker.Choice]) -> None:
    with show_errors():
        classifier = model_picker.classifier(_network(known))
        road = _road(classifier.bundle)
        image = as_input(glyph, classifier.card.shape)
        scene = Scene(classifier, road, *_maps(classifier.bundle, image))
        spot = _spot(scene)
        _strip(scene, spot)
        _controls(scene, spot)
        if isinstance(road[spot.layer], Convolution):
            _convolution(scene, spot)
        else:
            _pooling(scene, spot)
        _count(scene, spot)


def _network(known: list[model_picker.Choice]) -> model_picker.Choice:
    by_key = {choice.key: choice for choice in known}
    key = link_values.option("network", by_key, label=lambda key: by_key[key].title)
    if len(known) > 1:
        st.session_state["inside network"] = key
        st.selectbox(
            gettext("Network"),
            list(by_key),
            format_func=lambda k: by_key[k].title,
            key="inside network",
            width=320,
            on_change=_take_network,
        )
    return by_key[key]


def _take_network() -> None:
    link_values.forget("layer", "map", "row", "column", "input")
    link_values.put(network=st.session_state["inside network"])


def _spot(scene: Scene) -> MapCell:
    """What the link says; without it the liveliest map and its strongest cell."""
    names = [step.name for step in scene.road]
    layer = names.index(link_values.option("layer", names))
    maps = scene.maps[layer + 1]
    height, width, count = maps.shape
    k = link_values.number("map", count, int(np.abs(maps).mean(axis=(0, 1)).argmax()) + 1) - 1
    row, column = np.unravel_index(int(np.abs(maps[..., k]).argmax()), (height, width))
    return MapCell(
        layer,
        k,
        link_values.number("row", height, int(row) + 1) - 1,
        link_values.number("column", width, int(column) + 1) - 1,
    )


def _strip(scene: Scene, spot: MapCell) -> None:
    """Every layer's maps; one of them can be chosen."""
    panels = []
    for i, step in enumerate(scene.road):
        height, width, count = scene.maps[i + 1].shape
        columns = _columns(count)
        panels.append(
            Panel(
                id=step.name,
                title=step.name,
                image=scene.mosaics[i],
                width=148,
                alt=gettext("The {count} maps of {layer}", count=count, layer=step.name),
                note=f"{height}×{width}, {count} maps",
                grid=(-(-count // columns), columns),
                count=count,
                cell=divmod(spot.map, columns) if i == spot.layer else (-1, -1),
            )
        )

    def pick(layer: str, row: int, column: int) -> None:
        i = [step.name for step in scene.road].index(layer)
        link_values.forget("row", "column", "input")
        link_values.put(layer=layer, map=row * _columns(scene.maps[i + 1].shape[2]) + column + 1)

    pixels(panels, key="inside strip", on_pick=pick, strip=True)


def _controls(scene: Scene, spot: MapCell) -> None:
    names = [step.name for step in scene.road]
    height, width, count = scene.maps[spot.layer + 1].shape
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["inside layer"] = names[spot.layer]
        st.selectbox(gettext("Layer"), names, key="inside layer", width=130, on_change=_take_layer)
        link_values.number_input(gettext("Map"), "map", spot.map + 1, count)
        link_values.number_input(gettext("Row"), "row", spot.row + 1, height)
        link_values.number_input(gettext("Column"), "column", spot.column + 1, width)


def _take_layer() -> None:
    link_values.forget("map", "row", "column", "input")
    link_values.put(layer=st.session_state["inside layer"])


def _convolution(scene: Scene, spot: MapCell) -> None:
    step = scene.road[spot.layer]
    assert isinstance(step, Convolution)  # the caller has looked
    found = decompose(step, scene.maps[spot.layer], spot.row, spot.column, spot.map)
    many = len(found.channels) > 1
    channel = link_values.number("input", len(found.channels), int(np.abs(found.channels).argmax()) + 1) - 1
    name = f"map {channel + 1} of {_before(scene, spot)}" if many else _before(scene, spot)
    panels = [_field(scene, spot)] if spot.layer else []
    panels.append(_input(scene, spot, channel, name))
    if many:
        panels.append(_sums(found.channels, channel))
    _panels([*panels, _output(scene, spot)], len(found.channels))
    st.html(equations.products(found, channel, (f"Window of {name}", f"Kernel of map {spot.map + 1}")))
    st.html(equations.sum_lines(found, channel, name))


def _pooling(scene: Scene, spot: MapCell) -> None:
    step = scene.road[spot.layer]
    assert isinstance(step, Pooling)  # the caller has looked
    window = window_at(step.geometry, scene.maps[spot.layer], spot.row, spot.column)
    name = f"map {spot.map + 1} of {_before(scene, spot)}"
    panels = [_field(scene, spot)] if spot.layer else []
    _panels([*panels, _input(scene, spot, spot.map, name), _output(scene, spot)], 1)
    value = float(scene.maps[spot.layer + 1][spot.row, spot.column, spot.map])
    st.html(equations.pool_window(window, spot.map, f"Window of {name}"))
    st.html(equations.pool_lines(window, spot.map, step.average, value))


def _panels(panels: list[Panel], inputs: int) -> None:
    def pick(panel: str, row: int, column: int) -> None:
        if panel == "output":
            link_values.put(row=row + 1, column=column + 1)
        else:
            link_values.put(input=row * _columns(inputs) + column + 1)

    pixels(panels, key="inside cell", on_pick=pick)


def _field(scene: Scene, spot: MapCell) -> Panel:
    """The picture with what of it the cell can see."""
    image = scene.maps[0]
    field = receptive_field(scene.road[: spot.layer + 1], spot.row, spot.column)
    shown = field.within(*image.shape[:2])
    size = f"{shown.bottom - shown.top}×{shown.right - shown.left}"
    return Panel(
        id="picture",
        title=gettext("Your picture"),
        image=coloured(image.mean(axis=2), 1.0),
        width=SIDE,
        alt=gettext("Your picture, with the receptive field of the cell outlined"),
        note=gettext("The cell sees {size} pixels", size=size),
        outlines={"field": field},
    )


def _input(scene: Scene, spot: MapCell, channel: int, name: str) -> Panel:
    maps, geometry = scene.maps[spot.layer], scene.road[spot.layer].geometry
    return Panel(
        id="input",
        title="Input: " + name,
        image=coloured(maps[..., channel]),
        width=SIDE,
        alt=gettext("{name}, with the window of the cell outlined", name=name),
        note=f"Window of {geometry.size[0]}×{geometry.size[1]} cells",
        outlines={"window": window_box(geometry, spot.row, spot.column)},
    )


def _sums(channels: np.ndarray, chosen: int) -> Panel:
    """How much each input map adds; one can be chosen."""
    columns = _columns(len(channels))  # as in the mosaic of the layer before
    rows = -(-len(channels) // columns)
    values = np.zeros(rows * columns)
    values[: len(channels)] = channels
    return Panel(
        id="sums",
        title=gettext("What each input map adds"),
        image=coloured(values.reshape(rows, columns), signed=True),
        width=SIDE,
        alt=f"The sums of the {len(channels)} input maps",
        note=f"Map {chosen + 1} adds {equations.number(float(channels[chosen]))}",
        grid=(rows, columns),
        count=len(channels),
        cell=divmod(chosen, columns),
    )


def _output(scene: Scene, spot: MapCell) -> Panel:
    maps = scene.maps[spot.layer + 1]
    name = f"map {spot.map + 1} of {scene.road[spot.layer].name}"
    value = equations.number(float(maps[spot.row, spot.column, spot.map]))
    return Panel(
        id="output",
        title="Output: " + name,
        image=coloured(maps[..., spot.map]),
        width=SIDE,
        alt=name,
        note=gettext("The cell is {value}", value=value),
        cell=(spot.row, spot.column),
    )


def _before(scene: Scene, spot: MapCell) -> str:
    return scene.road[spot.layer - 1].name if spot.layer else "your picture"


def _columns(count: int) -> int:
    return max(1, int(np.ceil(np.sqrt(count))))


def _count(scene: Scene, spot: MapCell) -> None:
    """The layer's parameters and multiplications as sums; all layers' to open."""
    step = scene.road[spot.layer]
    if isinstance(step, Convolution):
        st.markdown(_counted(step, scene.maps[spot.layer].shape))
    section = st.expander(
        gettext("Parameters and multiplications of all layers"),
        icon=":material/table:",
        key="inside counts",
        on_change="rerun",
    )
    if section.open:
        with section:
            _table(_counts(scene.classifier.bundle))


def _counted(step: Convolution, shape: tuple[int, ...]) -> str:
    height, width, depth, count = step.kernel.shape
    rows, columns = step.geometry.output(shape[0], shape[1])
    extra = (f" + {count} biases" if step.bias is not None else "") + (
        f" + 4×{count} of the normalisation" if step.norm is not None else ""
    )
    products = multiplications(step, shape[0], shape[1])
    cells = f"{rows}×{columns}×{count}"
    return (
        f"**{parameters(step):,} parameters**: kernels of {height}×{width}×{depth}×{count}{extra}. "
        f"**{products:,} multiplications**: {height}×{width}×{depth} for each of {cells} cells."
    )


def _table(found: tuple[LayerCost, ...]) -> None:
    total = LayerCost(
        "all layers", "", (), sum(c.parameters for c in found), sum(c.multiplications for c in found)
    )
    st.dataframe(
        {
            "Layer": [c.name for c in (*found, total)],
            "Kind": [c.kind for c in (*found, total)],
            "Output": ["×".join(map(str, c.shape)) for c in (*found, total)],
            "Parameters": [f"{c.parameters:,}" for c in (*found, total)],
            "Multiplications": [f"{c.multiplications:,}" for c in (*found, total)],
        },
        hide_index=True,
        height="content",
    )


def _road(bundle: Bundle) -> tuple[Step, ...]:
    return _read(bundle.folder, _hash(bundle), bundle)[1]


def _maps(bundle: Bundle, image: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    return _run(bundle.folder, _hash(bundle), image.tobytes(), bundle, image)


def _counts(bundle: Bundle) -> tuple[LayerCost, ...]:
    return layer_costs(bundle.card, _read(bundle.folder, _hash(bundle), bundle)[0])


def _hash(bundle: Bundle) -> str:
    return bundle.card.files["model.keras"]


@st.cache_resource(max_entries=8, show_spinner=False)
def _read(folder: Path, digest: str, _bundle: Bundle) -> tuple[tuple[SavedLayer, ...], tuple[Step, ...]]:
    layers = read_layers(_bundle)
    return layers, steps(layers, _bundle.card.shape)


@st.cache_resource(max_entries=16, show_spinner=False)  # half a megabyte each; read, never written
def _run(
    folder: Path, digest: str, pixels: bytes, _bundle: Bundle, _image: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    maps = run(_road(_bundle), _image)
    return maps, [mosaic(made, _columns(made.shape[2])) for made in maps[1:]]
