"""Draw the panels of one number of a layer: the picture, what the number is computed from, and the output."""

from __future__ import annotations

from collections.abc import Sequence

from core.figures.maps import columns
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import link_values
from pages.parts.inside.map_panels import field_panel, output_panel
from pages.parts.inside.map_scene import MapCell, Scene

SAME_NUMBER = "same number"  # id of an input panel on which the output's number is chosen


def show_panels(scene: Scene, cell: MapCell, inputs: Sequence[Panel], count: int) -> None:
    """Draw the panels; a click in one of ``inputs`` chooses one of ``count`` input maps or numbers."""

    def take(panel: str, row: int, column: int) -> None:
        if panel not in ("output", SAME_NUMBER):
            link_values.put(input=row * columns(count) + column + 1)
        elif scene.is_vector(cell.layer):
            link_values.forget("input")
            link_values.put(map=row * columns(scene.maps[cell.layer + 1].shape[2]) + column + 1)
        else:
            link_values.put(row=row + 1, column=column + 1)

    field = [field_panel(scene, cell)] if cell.layer else []
    pixels([*field, *inputs, output_panel(scene, cell)], key="inside cell", on_pick=take)
