"""Draw the panels of a network's maps: all layers, and the input, sums and output of one cell."""

from __future__ import annotations

import numpy as np

from core.figures.maps import as_pixels, coloured, columns, is_grey, squared
from core.inside.convolution import window_box
from core.inside.layer_steps import receptive_field
from core.language import N_, gettext
from pages.parts.components.pixel_grid import Panel
from pages.parts.inside import equations
from pages.parts.inside.map_scene import MapCell, Scene

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
                note=gettext("{height}×{width}, {count} maps", height=height, width=width, count=count),
                grid=(-(-count // wide), wide),
                count=count,
                cell=divmod(cell.map, wide) if i == cell.layer else (-1, -1),
            )
        )
    return panels


def field_panel(scene: Scene, cell: MapCell) -> Panel:
    """Return the picture, with the part outlined that the cell sees."""
    image = scene.maps[0]
    field = receptive_field(scene.steps[: cell.layer + 1], cell.row, cell.column)
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
    maps, geometry = scene.maps[cell.layer], scene.steps[cell.layer].geometry
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
    """Return the cell's map, on which another cell can be chosen."""
    maps = scene.maps[cell.layer + 1]
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
