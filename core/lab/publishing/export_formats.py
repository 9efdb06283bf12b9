"""Write a Keras model in other formats."""

from __future__ import annotations

import importlib.util
import io
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np

from core.bundles.bundle import Bundle
from core.errors import BundleError


def load_model(bundle: Bundle) -> keras.Model:
    """Return a bundle's Keras model."""
    return keras.saving.load_model(bundle.folder / "model.keras", safe_mode=True)


def saved_model(model: keras.Model) -> io.BytesIO:
    """Return TensorFlow's SavedModel in a ZIP file.

    Unpacked, ``tf.saved_model.load("saved_model").serve(images)`` returns the model's output.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "content"
        _call(model)
        model.export(str(folder / "saved_model"), verbose=False)
        return io.BytesIO(Path(shutil.make_archive(str(Path(place) / "packed"), "zip", folder)).read_bytes())


def onnx_file(model: keras.Model, properties: Mapping[str, str] | None = None) -> bytes:
    """Return the model as the content of an ONNX file, with texts that the file keeps by name.

    Raises:
        BundleError: when the converter is not installed.
    """
    if not all(importlib.util.find_spec(name) for name in ("tf2onnx", "onnx")):
        raise BundleError("lab.no_onnx")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        _call(model)
        model.export(str(file), format="onnx", verbose=False)
        return _with_properties(file.read_bytes(), properties) if properties else file.read_bytes()


def _call(model: keras.Model) -> None:
    """Call the model once, since Keras exports no model that was never called."""
    inputs = [np.zeros((1, *tensor.shape[1:]), tensor.dtype) for tensor in model.inputs]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a list of one input
        model(inputs)


def _with_properties(content: bytes, properties: Mapping[str, str]) -> bytes:
    import onnx  # noqa: PLC0415 (only some installations have it)

    model = onnx.load_model_from_string(content)
    onnx.helper.set_model_props(model, dict(properties))
    return model.SerializeToString()
