"""Draw the panels of a network's maps: all layers, and the input, sums and output of one cell."""

from __future__ import annotations

import numpy as np

from core.figures.maps import as_pixels, coloured, columns, is_grey, squared
from core.inside.convolution import Box, Convolution, Pooling, window_box
from core.inside.vector_steps import Flattening
from core.language import N_, gettext
from pages.parts.components.pixel_grid import Panel
from pages.parts.inside import equations
from pages.parts.inside.map_scene import MapCell, Scene, seen_by

SIDE = 236  # width of a map on the screen
STRIP_WIDTH = 148  # of a layer's maps
OUTPUT = N_("Output: map {number} of {layer}")


def layer_panels(scene: Scene, cell: MapCell) -> list[Panel]:
    """Return a panel for each layer, with all its maps; the cell's map is marked."""
    panels = []
    for i, name in enumerate(scene.names):
        height, width, count = scene.maps[i + 1].shape
        wide = columns(count)
        panels.append(
            Panel(
                id=name,
                title=name,
                image=scene.mosaics[i],
                width=STRIP_WIDTH,
                alt=gettext("The {count} maps of {layer}", count=count, layer=name),
                note=gettext("{count} numbers", count=count)
                if scene.is_vector(i)
                else gettext("{height}×{width}, {count} maps", height=height, width=width, count=count),
                grid=(-(-count // wide), wide),
                count=count,
                cell=divmod(cell.map, wide) if i == cell.layer else (-1, -1),
            )
        )
    return panels


def field_panel(scene: Scene, cell: MapCell) -> Panel:
    """Return the picture, with the part outlined that the cell sees."""
    image = scene.maps[0]
    field = seen_by(scene, cell)
    shown = field.within(*image.shape[:2])
    return Panel(
        id="picture",
        title=gettext("Your picture"),
        image=coloured(image.mean(axis=2), 1.0) if is_grey(image) else as_pixels(image),
        width=SIDE,
        alt=gettext("Your picture, with the receptive field of the cell outlined"),
        note=gettext(
            "The cell sees {height}×{width} pixels",
            height=shown.bottom - shown.top,
            width=shown.right - shown.left,
        ),
        outlines={"field": field},
    )


def input_panel(scene: Scene, cell: MapCell, channel: int) -> Panel:
    """Return one input map of the cell's layer, with the cell's window outlined."""
    step = scene.steps[cell.layer]
    assert isinstance(step, Convolution | Pooling)  # others have no window
    maps, geometry = scene.maps[cell.layer], step.geometry
    height, width = geometry.size
    return Panel(
        id="input",
        title=input_text(
            scene, cell, channel, N_("Input: map {number} of {layer}"), N_("Input: your picture")
        ),
        image=coloured(maps[..., channel]),
        width=SIDE,
        alt=input_text(
            scene,
            cell,
            channel,
            N_("Map {number} of {layer}, with the window of the cell outlined"),
            N_("Your picture, with the window of the cell outlined"),
        ),
        note=gettext("Window of {height}×{width} cells", height=height, width=width),
        outlines={"window": window_box(geometry, cell.row, cell.column)},
    )


def flattened_panel(scene: Scene, cell: MapCell) -> Panel:
    """Return the map from which a flattening takes a number, with its cell outlined."""
    step, maps = scene.steps[cell.layer], scene.maps[cell.layer]
    assert isinstance(step, Flattening)  # the caller has looked
    row, column, k = step.place(cell.map)
    return Panel(
        id="input",
        title=input_text(scene, cell, k, N_("Input: map {number} of {layer}"), N_("Input: your picture")),
        image=coloured(maps[..., k]),
        width=SIDE,
        alt=input_text(
            scene,
            cell,
            k,
            N_("Map {number} of {layer}, with the cell outlined"),
            N_("Your picture, with the cell outlined"),
        ),
        note=gettext("Row {row}, column {column}", row=row + 1, column=column + 1),
        outlines={"window": Box(row, column, row + 1, column + 1)},
    )


def numbers_panel(id_: str, title: str, values: np.ndarray, chosen: int, *, signed: bool = False) -> Panel:
    """Return numbers (N) row by row as a square of cells, of which one can be chosen."""
    cells = squared(values)
    return Panel(
        id=id_,
        title=title,
        image=coloured(cells, signed=signed),
        width=SIDE,
        alt=gettext("{title}: {count} numbers", title=title, count=len(values)),
        note=gettext(
            "Number {number} is {value}", number=chosen + 1, value=equations.number(float(values[chosen]))
        ),
        grid=cells.shape,
        count=len(values),
        cell=divmod(chosen, cells.shape[1]),
    )


def sums_panel(sums: np.ndarray, channel: int) -> Panel:
    """Return the sum of each input map (C) as a map of cells, of which one can be chosen."""
    cells = squared(sums)
    return Panel(
        id="sums",
        title=gettext("Sum of each input map"),
        image=coloured(cells, signed=True),
        width=SIDE,
        alt=gettext("The sums of the {count} input maps", count=len(sums)),
        note=gettext(
            "Map {number} adds {value}", number=channel + 1, value=equations.number(float(sums[channel]))
        ),
        grid=cells.shape,
        count=len(sums),
        cell=divmod(channel, cells.shape[1]),
    )


def output_panel(scene: Scene, cell: MapCell) -> Panel:
    """Return the cell's map, or the numbers of a layer without maps; another cell can be chosen on it."""
    maps = scene.maps[cell.layer + 1]
    if scene.is_vector(cell.layer):
        title = gettext("Output: {layer}", layer=scene.names[cell.layer])
        return numbers_panel("output", title, maps[0, 0], cell.map)
    names = {"number": cell.map + 1, "layer": scene.names[cell.layer]}
    value = equations.number(float(maps[cell.row, cell.column, cell.map]))
    return Panel(
        id="output",
        title=gettext(OUTPUT, **names),
        image=coloured(maps[..., cell.map]),
        width=SIDE,
        alt=gettext("Map {number} of {layer}", **names),
        note=gettext("The cell is {value}", value=value),
        cell=(cell.row, cell.column),
    )


def input_text(scene: Scene, cell: MapCell, channel: int, of_map: str, of_picture: str) -> str:
    """Return the text about an input map of the cell's layer; a grey picture has a text of its own."""
    if cell.layer == 0 and scene.maps[0].shape[2] == 1:
        return gettext(of_picture)
    layer = scene.names[cell.layer - 1] if cell.layer else gettext("your picture")
    return gettext(of_map, number=channel + 1, layer=layer)
