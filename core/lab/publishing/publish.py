"""Publish a trained Keras model as a bundle that the stage reads without TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import keras
from keras import layers

from core import allocator
from core.bundles.bundle import (
    DISCRIMINATOR,
    FORMAT,
    Card,
    sha256,
    write_card,
)
from core.contract import architectures
from core.contract.config import GanConfig, to_dict
from core.contract.preprocessing import standard
from core.datasets.registry import describe
from core.drafts import draft_folder
from core.errors import BundleError
from core.lab.publishing.card_parts import card_layers, library_versions
from core.lab.publishing.fine_tuned import publish_fine_tuned
from core.lab.publishing.litert_conversion import generator_to_litert, to_litert
from core.lab.training.fine_tuning import FineTuning
from core.lab.training.training import Training, TrainingResult
from core.language import join


def publish(training: Training | TrainingResult, folder: Path) -> None:
    """Write the bundle of a training's model; the folder appears complete or not at all.

    A classifier's LiteRT model returns the activations that its architecture names in the catalogue, by
    default those of all layers that ``_is_activation`` accepts. The card lists them.

    Raises:
        BundleError: when the architecture names a layer that the model does not have.
    """
    allocator.drop_garbage()  # of a training that has left only its result; the conversion takes as much
    if isinstance(training, FineTuning):
        publish_fine_tuned(training, folder)
        return
    with draft_folder(folder) as draft:
        outputs = _outputs(training.model, architectures.get(training.config.architecture).activations)
        training.model.save(draft / "model.keras")
        (draft / "model.tflite").write_bytes(_litert(training, outputs))
        _add_discriminator(training, draft)
        write_card(draft, _card(training, outputs, {file.name: sha256(file) for file in draft.iterdir()}))


def _litert(training: Training | TrainingResult, outputs: dict[str, keras.KerasTensor]) -> bytes:
    if training.config.family == "gan":
        return generator_to_litert(training.model)
    return to_litert(training.model, outputs)


def _add_discriminator(training: Training | TrainingResult, draft: Path) -> None:
    """Add the discriminator to a generator's bundle, with 8-bit weights so that it stays small."""
    discriminator = getattr(training, "discriminator", None)
    if discriminator is not None:
        content = to_litert(discriminator, {"logits": discriminator.output}, int8=True)
        (draft / DISCRIMINATOR).write_bytes(content)


def _outputs(model: keras.Model, named: Sequence[str]) -> dict[str, keras.KerasTensor]:
    """Return the outputs of the LiteRT model: a generator's images, or a classifier's logits and activations.

    ``named`` are the layers whose activations it returns beside the logits; if none is named, all that can
    be shown.
    """
    if "images" in model.output_names or model.name == "generator":
        return {"images": model.output}
    if named:
        known = {layer.name: layer.output for layer in model.layers}
        if unknown := [name for name in named if name not in known]:
            raise BundleError("lab.unknown_activations", names=join(unknown))
        return {name: known[name] for name in dict.fromkeys([*named, "logits"])}
    return {layer.name: layer.output for layer in model.layers if _is_activation(layer)}


def _is_activation(layer: keras.Layer) -> bool:
    """Return whether a layer's output can be shown: neither reshaped values nor sums before their ReLU."""
    if isinstance(layer, layers.Conv2D | layers.Dense) and layer.name.endswith("_kernel"):
        return False
    structural = (
        layers.InputLayer,
        layers.Dropout,
        layers.Flatten,
        layers.BatchNormalization,
        layers.Cropping1D,
    )
    return layer.name == "logits" or not isinstance(layer, (*structural, layers.Reshape))


def _card(
    training: Training | TrainingResult, outputs: dict[str, keras.KerasTensor], files: dict[str, str]
) -> Card:
    config, model = training.config, training.model
    data = describe(config.dataset)
    return Card(
        format=FORMAT,
        title=architectures.get(config.architecture).title,
        family=config.family,
        architecture=config.architecture,
        dataset=config.dataset,
        subject=data.subject,
        classes=data.classes,
        shape=data.shape,
        preprocessing=standard(data.preprocessing_kind, data.shape, data.layout),
        parameters=model.count_params(),
        layers=card_layers(model),
        activations={name: tuple(tensor.shape[1:]) for name, tensor in outputs.items()},
        config=to_dict(config),
        metrics=dict(training.metrics),
        seed=config.seed,
        versions=library_versions(),
        files=files,
        temperature=training.temperature,
        refuse_below=training.refuse_below,
        latent_size=config.latent_size if isinstance(config, GanConfig) else None,
        licence=data.licence if data.designs else "",
        source="; ".join(data.designs),
    )
