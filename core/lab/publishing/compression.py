"""Publish a network changed: pruned, with fewer bits, or with random weights to compare with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from core.bundles.bundle import Bundle, sha256, write_card
from core.datasets.dataset import Dataset
from core.drafts import draft_folder
from core.lab.publishing.card_parts import library_versions
from core.lab.publishing.export_formats import load_model
from core.lab.publishing.litert_conversion import to_four_bits, to_full_int8, to_litert
from core.lab.training.augmentation import augment
from core.lab.training.short_training import ShortTraining
from core.remedies.compression import FINE_TUNING_BATCH, FINE_TUNING_STEPS, Recipe

FINE_TUNING_RATE = 0.001  # the peak
SEED = 1  # of the batches that a pruned network learns from
SAMPLES = 200  # images from which the ranges of activations are learnt


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


def fine_tune(model: keras.Model, data: Dataset, augmentation: str, steps: int, seed: int) -> None:
    """Train a pruned network for some more steps; its kernels' zeros stay zero.

    Source: Han, Pool, Tran, Dally 2015, Learning both weights and connections for efficient neural networks.
    """
    masks = [v.numpy() != 0 if "kernel" in v.name else None for v in model.trainable_variables]
    training = ShortTraining(
        model,
        batch_size=FINE_TUNING_BATCH,
        learning_rate=FINE_TUNING_RATE,
        change=lambda images, targets, seed: augment(images, augmentation, seed),
        masks=masks,
    )
    targets = np.eye(len(data.info.classes), dtype=np.float32)[data.y_train]
    training.run(data.x_train, targets, steps, seed)


def needs_images(recipe: Recipe) -> bool:
    """Return whether training images are needed to make a network by this recipe."""
    return recipe.form == "full8" or recipe.fine_tuned


def thinned(bundle: Bundle, recipe: Recipe, data: Dataset | None) -> keras.Model:
    """Return the bundle's network pruned, and trained again on the data set if the recipe says so."""
    model = pruned(load_model(bundle), recipe.pruned)
    if recipe.fine_tuned and data is not None:
        fine_tune(model, data, str(bundle.card.config.get("augmentation", "none")), FINE_TUNING_STEPS, SEED)
    return model


def publish_compressed(
    bundle: Bundle, model: keras.Model, recipe: Recipe, data: Dataset | None, folder: Path, title: str
) -> None:
    """Write the bundle of a compressed network, with the same outputs; it appears complete or not at all.

    Args:
        bundle: of the network as it was trained.
        model: the network as ``thinned`` returns it.
        recipe: how it is compressed.
        data: the network's data set, from whose training images the ranges of activations for full 8 bits
            are learnt; None if ``needs_images`` says no.
        folder: of the new bundle.
        title: of the compressed network.
    """
    outputs = _outputs(model, bundle)
    if recipe.form == "full8" and data is not None:
        samples = bundle.card.preprocessing.to_input(data.subset(SAMPLES, SEED).x_train)
        content = to_full_int8(model, outputs, samples)
    elif recipe.form == "weights4":
        content = to_four_bits(model, outputs)
    else:
        content = to_litert(model, outputs, int8=recipe.form == "dynamic8")
    _publish(bundle, model, content, folder, title)


def publish_untrained(bundle: Bundle, seed: int, folder: Path) -> None:
    """Write a bundle with the random weights that a network has before its training."""
    keras.utils.set_random_seed(seed)
    model = keras.models.clone_model(load_model(bundle))
    _publish(bundle, model, to_litert(model, _outputs(model, bundle)), folder, bundle.card.title)


def _outputs(model: keras.Model, bundle: Bundle) -> dict[str, keras.KerasTensor]:
    return {name: model.get_layer(name).output for name in bundle.card.activations}


def _publish(bundle: Bundle, model: keras.Model, content: bytes, folder: Path, title: str) -> None:
    """Write a bundle of another model, with the same card but for its title; the old metrics are left out."""
    with draft_folder(folder) as draft:
        model.save(draft / "model.keras")
        (draft / "model.tflite").write_bytes(content)
        files = {file.name: sha256(file) for file in draft.iterdir()}
        card = replace(bundle.card, title=title, files=files, metrics={}, versions=library_versions())
        write_card(draft, card)
