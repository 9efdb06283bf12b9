"""Compute a network's maps of the visitor's picture, which the view of a network shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.figures.maps import coloured, columns, mosaic, squared
from core.inside.convolution import Box
from core.inside.layer_steps import receptive_field, run
from core.inside.vector_steps import Flattening, LayerStep
from pages.parts.inside.shown_network import ShownNetwork
from pages.parts.shared.process_cache import kept_in_process


@dataclass(frozen=True)
class Scene:
    """A network with the visitor's picture in it."""

    network: ShownNetwork
    maps: list[np.ndarray]  # the image, then the maps of each step
    mosaics: list[np.ndarray]  # of the maps of each step

    @property
    def steps(self) -> tuple[LayerStep, ...]:
        """Steps of the network."""
        return self.network.chain.steps

    @property
    def names(self) -> list[str]:
        """Names of the layers whose maps are shown."""
        return [step.name for step in self.steps]

    def is_vector(self, layer: int) -> bool:
        """Return whether the layer's maps have one cell each, so that they are shown as numbers."""
        return self.maps[layer + 1].shape[:2] == (1, 1)


@dataclass(frozen=True)
class MapCell:
    """A cell of one of a layer's maps, all counted from 0."""

    layer: int
    map: int
    row: int
    column: int


def scene_of(network: ShownNetwork, image: np.ndarray) -> Scene:
    """Return the maps that a network computes from an image (H×W×C float32)."""
    maps, mosaics = _run(network.digest, image.tobytes(), network, image)
    return Scene(network, maps, mosaics)


def seen_by(scene: Scene, cell: MapCell) -> Box:
    """Return the part of the picture that a cell sees; it may reach beyond the edge."""
    step = scene.steps[cell.layer]
    if isinstance(step, Flattening):
        return receptive_field(scene.steps[: cell.layer], *step.place(cell.map)[:2])
    return receptive_field(scene.steps[: cell.layer + 1], cell.row, cell.column)


@kept_in_process(16)  # half a megabyte each; read, never written
def _run(
    digest: str, pixels: bytes, _network: ShownNetwork, _image: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    maps = run(_network.chain.steps, _image)
    return maps, [_overview(made) for made in maps[1:]]


def _overview(maps: np.ndarray) -> np.ndarray:
    """Return all maps of a layer side by side; maps of one cell as one map of numbers."""
    if maps.shape[:2] == (1, 1):
        return coloured(squared(maps[0, 0]))
    return mosaic(maps, columns(maps.shape[2]))
