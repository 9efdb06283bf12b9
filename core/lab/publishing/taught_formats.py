"""Write a taught network for other programs: from uint8 images to the probabilities of its classes."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
from keras import layers

from core.bundles.bundle import Bundle
from core.class_sets.head_files import PROBABILITIES, PortableHead
from core.class_sets.litert_export import TITLE
from core.class_sets.litert_metadata import LABELS, with_metadata
from core.lab.publishing.backbone import store_in_half_precision
from core.lab.publishing.export_formats import load_model, onnx_file, saved_model
from core.lab.publishing.litert_conversion import to_litert
from core.lab.publishing.taught import read_features


def answering_model(taught: PortableHead, backbone: Bundle) -> keras.Model:
    """Return the network of a taught head and its backbone, from uint8 images to probabilities."""
    image, _, features = read_features(load_model(backbone), backbone.card)
    output = layers.Dense(len(taught.classes), activation="softmax", name=PROBABILITIES)
    model = keras.Model(image, output(features), name="taught")
    output.set_weights([values / taught.temperature for values in (taught.head.weights, taught.head.bias)])
    return model


def answering_part(bundle: Bundle) -> keras.Model:
    """Return the same network out of the bundle of a taught network, which has further outputs."""
    model = load_model(bundle)
    return keras.Model(model.inputs[0], model.output[PROBABILITIES], name="taught")


def written(model: keras.Model, classes: Sequence[str], form: str) -> bytes:
    """Return the content of a file in one of ``WRITERS``' formats, with the classes' names inside.

    Raises:
        BundleError: when ONNX is asked for, and its converter is not installed.
    """
    return WRITERS[form](model, classes)


def _keras(model: keras.Model, classes: Sequence[str]) -> bytes:
    """Return a ``.keras`` file, which is a ZIP file; Keras ignores the names of the classes in it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.keras"
        model.save(file)
        store_in_half_precision(file)
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr(zipfile.ZipInfo(LABELS), _lines(classes))
        return file.read_bytes()


def _litert(model: keras.Model, classes: Sequence[str]) -> bytes:
    """Return a LiteRT file with weights of 8 bits, as the app's own."""
    content = to_litert(model, {PROBABILITIES: model.output}, int8=True, older_runtimes=True)
    return with_metadata(content, TITLE, classes)


def _saved_model(model: keras.Model, classes: Sequence[str]) -> bytes:
    """Return a ZIP file with a SavedModel and the names of the classes beside it."""
    packed = saved_model(model)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(zipfile.ZipInfo(LABELS), _lines(classes))
    return packed.getvalue()


def _onnx(model: keras.Model, classes: Sequence[str]) -> bytes:
    """Return an ONNX file; the names of the classes are a JSON list in its property ``labels``."""
    return onnx_file(model, {"labels": json.dumps(list(classes), ensure_ascii=False)})


def _lines(classes: Sequence[str]) -> str:
    return "\n".join(classes) + "\n"


WRITERS: dict[str, Callable[[keras.Model, Sequence[str]], bytes]] = {
    "keras": _keras,
    "litert": _litert,
    "saved_model": _saved_model,
    "onnx": _onnx,
}
