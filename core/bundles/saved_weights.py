"""A bundle's Keras model as plain data: its layers' settings and weights, read without Keras.

``model.keras`` is a zip of ``config.json`` (the layers, in the order in which they run) and
``model.weights.h5`` (their variables). These are the float32 weights; LiteRT's are rounded to float16.
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
    weights: tuple[
        np.ndarray, ...
    ]  # in Keras's order: kernel, (recurrent kernel,) bias; gamma, beta, mean, variance


def read_layers(bundle: Bundle) -> tuple[SavedLayer, ...]:
    """The layers of a bundle's model, from the image to the logits.

    Raises:
        BundleError: when the model cannot be read, or its layers are no single chain.
    """
    entries, weights = _opened(bundle)
    with _in_words(bundle):
        return tuple(_layer(entry, weights) for entry in _chain(entries, bundle))


def read_first(bundle: Bundle, kind: str) -> SavedLayer:
    """The first layer of a kind, such as Dense, whether the model's layers branch or not.

    Raises:
        BundleError: when the model cannot be read, or has none.
    """
    entries, weights = _opened(bundle)
    with _in_words(bundle):
        for entry in entries:
            if entry["class_name"] == kind:
                return _layer(entry, weights)
    raise BundleError(f"The model {bundle.name!r} has no layer of the kind {kind}.")


def _opened(bundle: Bundle) -> tuple[list[dict[str, Any]], dict[str, tuple[np.ndarray, ...]]]:
    """The entries of the configuration, in the order in which they run, and the weights by layer."""
    with _in_words(bundle), zipfile.ZipFile(bundle.folder / "model.keras") as archive:
        config = json.loads(archive.read("config.json"))["config"]
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            weights = {
                _text(group["vars"].attrs["name"]): _variables(group)
                for group in file["layers"].values()
                if "vars" in group and "name" in group["vars"].attrs
            }
        return config["layers"], weights


@contextmanager
def _in_words(bundle: Bundle) -> Iterator[None]:
    try:
        yield
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BundleError(f"The layers of the model {bundle.name!r} cannot be read ({error}).") from error


def _variables(group: h5py.Group) -> tuple[np.ndarray, ...]:
    """A layer's variables; those of a recurrent layer are its cell's."""
    kept = group["cell/vars"] if "cell" in group else group["vars"]
    return tuple(np.asarray(kept[str(i)]) for i in range(len(kept)))


def _chain(entries: list[dict[str, Any]], bundle: Bundle) -> list[dict[str, Any]]:
    """The same entries, once it is sure that each takes the output of the one before."""
    for before, entry in pairwise(entries):
        inputs = [argument for node in entry["inbound_nodes"] for argument in node["args"]]
        if [_source(argument) for argument in inputs] != [before["name"]]:
            raise BundleError(
                f"The layers of {bundle.card.title} branch, and only a single chain is taken apart here; "
                "choose another network."
            )
    return entries


def _source(argument: Any) -> str | None:
    """The name of the layer that an argument comes from; None for several, or for a constant."""
    return argument["config"]["keras_history"][0] if isinstance(argument, dict) else None


def _layer(entry: dict[str, Any], weights: dict[str, tuple[np.ndarray, ...]]) -> SavedLayer:
    return SavedLayer(entry["name"], entry["class_name"], entry["config"], weights.get(entry["name"], ()))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
