"""Publish a network that was taught a visitor's own classes: a backbone with a linear head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from keras import layers

from core.bundles.bundle import Bundle, Card, sha256, write_card
from core.class_sets.features import backbone_id
from core.class_sets.head_files import PROBABILITIES
from core.class_sets.held_out import TaughtHead
from core.class_sets.litert_metadata import with_labels
from core.contract.preprocessing import Preprocessing
from core.drafts import draft_folder
from core.lab.models.efficientnet_lite import FEATURES, MAPS
from core.lab.publishing.backbone import store_in_half_precision
from core.lab.publishing.card_parts import card_layers, library_versions
from core.lab.publishing.litert_conversion import to_litert


def publish_taught(
    taught: TaughtHead,
    classes: Sequence[str],
    backbone: Bundle,
    folder: Path,
    metrics: Mapping[str, float],
    title: str,
) -> None:
    """Write the bundle of a taught head and its backbone; the folder appears complete or not at all.

    The LiteRT model takes uint8 images and returns probabilities, and beside them logits, features, the last
    maps and the familiarity of each image. It carries the classes' names.

    Raises:
        BundleError: when the backbone cannot be read.
    """
    whole = keras.models.load_model(backbone.folder / "model.keras", safe_mode=True)
    card = replace(
        backbone.card,
        title=title,
        dataset="own",
        config={"backbone": backbone_id(backbone.card)},
        metrics=dict(metrics),
    )
    write_taught(taught, classes, whole, card, folder)


def write_taught(
    taught: TaughtHead, classes: Sequence[str], whole: keras.Model, card: Card, folder: Path
) -> None:
    """Write the bundle of a network and a head for its features; ``card`` is completed."""
    model = taught_model(taught, whole, card)
    with draft_folder(folder) as draft:
        model.save(draft / "model.keras")
        store_in_half_precision(draft / "model.keras")
        content = to_litert(model, dict(model.output))
        (draft / "model.tflite").write_bytes(with_labels(content, classes))
        completed = replace(
            card,
            subject="own",
            classes=tuple(classes),
            parameters=model.count_params(),
            layers=card_layers(model),
            activations={name: tuple(tensor.shape[1:]) for name, tensor in model.output.items()},
            versions=library_versions(),
            files={file.name: sha256(file) for file in draft.iterdir()},
            temperature=taught.temperature,
            refuse_below=0.0,
            familiar_from=taught.familiar_from,
            words=(),
        )
        write_card(draft, completed)


def taught_model(taught: TaughtHead, whole: keras.Model, card: Card) -> keras.Model:
    """Return a network with a head for its features, from uint8 images to its named outputs.

    ``card`` describes the network ``whole``, whose own last layer is left out.
    """
    image, maps, features = read_features(whole, card)
    classes = len(taught.head.bias)
    logits = layers.Dense(classes, name="logits")(features)
    tempered = layers.Rescaling(1 / taught.temperature, name="tempered")(logits)
    direction = layers.UnitNormalization(name="direction")(features)
    likeness = layers.Dense(classes, use_bias=False, name="likeness")(direction)
    outputs = {
        MAPS: maps,
        FEATURES: features,
        "logits": logits,
        PROBABILITIES: layers.Softmax(name=PROBABILITIES)(tempered),
        "familiarity": layers.GlobalMaxPooling1D(name="familiarity")(
            layers.Reshape((classes, 1), name="column")(likeness)
        ),
    }
    model = keras.Model(image, outputs, name="taught")
    model.get_layer("logits").set_weights([taught.head.weights, taught.head.bias])
    model.get_layer("likeness").set_weights([taught.known.directions])
    return model


def read_features(
    whole: keras.Model, card: Card
) -> tuple[keras.KerasTensor, keras.KerasTensor, keras.KerasTensor]:
    """Return an input for uint8 images, the last maps of the network that reads them, and its features.

    ``card`` describes the network ``whole``, whose own last layer is left out.
    """
    inner = keras.Model(
        whole.inputs, [whole.get_layer(MAPS).output, whole.get_layer(FEATURES).output], name="backbone"
    )
    image = keras.Input(card.shape, dtype="uint8", name="image")
    maps, features = inner(_scaled(image, card.preprocessing))
    return image, maps, features


def _scaled(image: keras.KerasTensor, wanted: Preprocessing) -> keras.KerasTensor:
    """Return the backbone's input for uint8 images, as ``Preprocessing.to_input`` computes it."""
    scale, mean = np.array(wanted.scale), np.array(wanted.mean)
    factor, offset = (1 / scale).tolist(), (-mean / scale).tolist()
    return layers.Rescaling(factor, offset, name="scaled")(image)
