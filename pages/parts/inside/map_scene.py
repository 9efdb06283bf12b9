"""Compute a network's maps of the visitor's picture, which the view of a network shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.bundles.bundle import Bundle
from core.bundles.saved_weights import SavedLayer, read_branching_layers
from core.figures.maps import columns, mosaic
from core.inference.classifier import Classifier
from core.inside.convolution import Step
from core.inside.layer_costs import LayerCost, layer_costs
from core.inside.layer_steps import run, steps
from pages.parts.shared.process_cache import kept_in_process


@dataclass(frozen=True)
class Scene:
    """A network with the visitor's picture in it."""

    bundle: Bundle
    steps: tuple[Step, ...]
    maps: list[np.ndarray]  # the image, then the maps of each step
    mosaics: list[np.ndarray]  # of the maps of each step
    left_out: (
        SavedLayer | None
    )  # the first layer that reads others than the one before; its maps are not shown

    @property
    def names(self) -> list[str]:
        """Names of the layers whose maps are shown."""
        return [step.name for step in self.steps]


@dataclass(frozen=True)
class MapCell:
    """A cell of one of a layer's maps, all counted from 0."""

    layer: int
    map: int
    row: int
    column: int


def scene_of(classifier: Classifier, image: np.ndarray) -> Scene:
    """Return the maps that a network computes from an image (H×W×C float32).

    Raises:
        BundleError: when the network's layers cannot be shown one by one.
    """
    bundle = classifier.bundle
    layers, chained, found = _read(bundle.folder, _digest(bundle), bundle)
    maps, mosaics = _run(bundle.folder, _digest(bundle), image.tobytes(), bundle, image)
    return Scene(bundle, found, maps, mosaics, layers[chained] if chained < len(layers) else None)


def costs_of(bundle: Bundle) -> tuple[LayerCost, ...]:
    """Return the parameters and multiplications of all layers."""
    return layer_costs(bundle.card, _read(bundle.folder, _digest(bundle), bundle)[0])


def _digest(bundle: Bundle) -> str:
    return bundle.card.files["model.keras"]


@kept_in_process(8)
def _read(folder: Path, digest: str, _bundle: Bundle) -> tuple[tuple[SavedLayer, ...], int, tuple[Step, ...]]:
    """Return all layers, how many of the first form a chain, and the steps of these."""
    layers, chained = read_branching_layers(_bundle)
    return layers, chained, steps(layers[:chained], _bundle.card.shape)


@kept_in_process(16)  # half a megabyte each; read, never written
def _run(
    folder: Path, digest: str, pixels: bytes, _bundle: Bundle, _image: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    maps = run(_read(folder, digest, _bundle)[2], _image)
    return maps, [mosaic(made, columns(made.shape[2])) for made in maps[1:]]
