"""Read a bundle's Keras model without Keras: its layers' settings and weights as plain data.

``model.keras`` is a zip of ``config.json`` (the layers, in the order in which they run) and
``model.weights.h5`` (their variables). These are float32, where LiteRT's are rounded; a shipped generator's
kernels, which are kept in float16, are returned as float32 too.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import h5py
import numpy as np

from core.bundles.bundle import Bundle
from core.errors import BundleError


@dataclass(frozen=True)
class SavedLayer:
    """One layer as Keras saved it."""

    name: str
    kind: str  # Keras's class, such as Conv2D
    settings: dict[str, Any]  # Keras's configuration of the layer
    # In Keras's order: kernel, (recurrent kernel,) bias; gamma, beta, mean, variance.
    weights: tuple[np.ndarray, ...]


def read_layers(bundle: Bundle) -> tuple[SavedLayer, ...]:
    """Return the layers of a bundle's model, from the image to the logits.

    Raises:
        BundleError: when the model cannot be read, or its layers do not form a single chain.
    """
    layers, chained = read_branching_layers(bundle)
    if chained < len(layers):
        raise BundleError("bundles.branches", title=bundle.card.title)
    return layers


def read_branching_layers(bundle: Bundle) -> tuple[tuple[SavedLayer, ...], int]:
    """Return all layers in the order in which they run, and how many of the first form a single chain.

    Raises:
        BundleError: when the model cannot be read.
    """
    entries, weights = _opened(bundle)
    with _as_bundle_error(bundle):
        return tuple(_layer(entry, weights) for entry in entries), chained_entries(entries)


def read_first(bundle: Bundle, kind: str) -> SavedLayer:
    """Return the first layer of a kind, such as Dense; the model's layers may branch.

    Raises:
        BundleError: when the model cannot be read, or has none.
    """
    entries, weights = _opened(bundle)
    with _as_bundle_error(bundle):
        for entry in entries:
            if entry["class_name"] == kind:
                return _layer(entry, weights)
    raise BundleError("bundles.no_layer", name=bundle.name, kind=kind)


def _opened(bundle: Bundle) -> tuple[list[dict[str, Any]], dict[str, tuple[np.ndarray, ...]]]:
    """Return the configuration's entries, in the order in which they run, and the weights by layer."""
    with _as_bundle_error(bundle), zipfile.ZipFile(bundle.folder / "model.keras") as archive:
        config = json.loads(archive.read("config.json"))["config"]
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            weights = {
                _text(group["vars"].attrs["name"]): _variables(group)
                for group in file["layers"].values()
                if "vars" in group and "name" in group["vars"].attrs
            }
        return config["layers"], weights


@contextmanager
def _as_bundle_error(bundle: Bundle) -> Iterator[None]:
    try:
        yield
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BundleError("bundles.layers_unreadable", name=bundle.name, error=error) from error


def _variables(group: h5py.Group) -> tuple[np.ndarray, ...]:
    """Return a layer's variables; a recurrent layer's are those of its cell."""
    kept = group["cell/vars"] if "cell" in group else group["vars"]
    values = (np.asarray(kept[str(i)]) for i in range(len(kept)))
    return tuple(value.astype(np.float32) if value.dtype == np.float16 else value for value in values)


def chained_entries(entries: list[dict[str, Any]]) -> int:
    """Return how many of the first entries each read the output of the one before, and nothing else."""
    for count, (before, entry) in enumerate(pairwise(entries), start=1):
        inputs = [argument for node in entry["inbound_nodes"] for argument in node["args"]]
        if [_source(argument) for argument in inputs] != [before["name"]]:
            return count
    return len(entries)


def _source(argument: Any) -> str | None:
    """Return the name of the layer that an argument comes from; None for several, or for a constant."""
    return argument["config"]["keras_history"][0] if isinstance(argument, dict) else None


def _layer(entry: dict[str, Any], weights: dict[str, tuple[np.ndarray, ...]]) -> SavedLayer:
    return SavedLayer(entry["name"], entry["class_name"], entry["config"], weights.get(entry["name"], ()))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
