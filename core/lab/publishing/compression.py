"""Publish a network changed: pruned, with fewer bits, or with random weights to compare with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from core.bundles.bundle import Bundle, sha256, write_card
from core.drafts import draft_folder
from core.lab.publishing.card_parts import library_versions
from core.lab.publishing.export_formats import load_model
from core.lab.publishing.litert_conversion import to_full_int8, to_litert
from core.remedies.compression import Recipe


def pruned(model: keras.Model, share: float) -> keras.Model:
    """Return a copy in which this share of all kernel weights, those of the least magnitude, is zero.

    Magnitudes are compared over all layers. Biases and normalisation are left as they are.
    Source: Han, Pool, Tran, Dally 2015, Learning both weights and connections for efficient neural networks.
    """
    copy = keras.models.clone_model(model)
    weights = model.get_weights()
    kernels = [i for i, variable in enumerate(model.weights) if "kernel" in variable.name]
    magnitudes = np.concatenate([np.abs(weights[i]).ravel() for i in kernels])
    cut = round(share * magnitudes.size)
    if cut:
        threshold = np.partition(magnitudes, cut - 1)[cut - 1]
        for i in kernels:
            weights[i] = np.where(np.abs(weights[i]) <= threshold, 0, weights[i])
    copy.set_weights(weights)
    return copy


def publish_compressed(bundle: Bundle, recipe: Recipe, samples: np.ndarray | None, folder: Path) -> None:
    """Write the bundle of a compressed network, with the same outputs; it appears complete or not at all.

    Args:
        bundle: of the network as it was trained.
        recipe: how it is compressed.
        samples: images (uint8, N×H×W×C) from which the ranges of activations are learnt for full
            8 bits; the other forms need none.
        folder: of the new bundle.
    """
    model = pruned(load_model(bundle), recipe.pruned)
    outputs = _outputs(model, bundle)
    if recipe.form == "full8" and samples is not None:
        content = to_full_int8(model, outputs, bundle.card.preprocessing.to_input(samples))
    else:
        content = to_litert(model, outputs, int8=recipe.form == "dynamic8")
    _publish(bundle, model, content, folder)


def publish_untrained(bundle: Bundle, seed: int, folder: Path) -> None:
    """Write a bundle with the random weights that a network has before its training."""
    keras.utils.set_random_seed(seed)
    model = keras.models.clone_model(load_model(bundle))
    _publish(bundle, model, to_litert(model, _outputs(model, bundle)), folder)


def _outputs(model: keras.Model, bundle: Bundle) -> dict[str, keras.KerasTensor]:
    return {name: model.get_layer(name).output for name in bundle.card.activations}


def _publish(bundle: Bundle, model: keras.Model, content: bytes, folder: Path) -> None:
    """Write a bundle of another model with the same card; what was measured of the old one is left out."""
    with draft_folder(folder) as draft:
        model.save(draft / "model.keras")
        (draft / "model.tflite").write_bytes(content)
        files = {file.name: sha256(file) for file in draft.iterdir()}
        card = replace(bundle.card, files=files, metrics={}, versions=library_versions())
        write_card(draft, card)
