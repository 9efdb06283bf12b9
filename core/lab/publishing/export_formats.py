"""Export a bundle's Keras model to other formats."""

from __future__ import annotations

import importlib.util
import tempfile
import warnings
from pathlib import Path

import keras
import numpy as np

from core.bundles.bundle import Bundle
from core.errors import BundleError


def to_saved_model(bundle: Bundle, folder: Path) -> None:
    """Write TensorFlow's SavedModel: ``tf.saved_model.load(FOLDER).serve(images)`` returns the logits."""
    _model(bundle).export(str(folder), verbose=False)


def to_onnx(bundle: Bundle) -> bytes:
    """Return the model as the content of an ONNX file.

    Raises:
        BundleError: when the converter is not installed.
    """
    if not all(importlib.util.find_spec(name) for name in ("tf2onnx", "onnx")):
        raise BundleError("lab.no_onnx")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        _model(bundle).export(str(file), format="onnx", verbose=False)
        return file.read_bytes()


def _model(bundle: Bundle) -> keras.Model:
    """Return the Keras model after one call, because Keras does not export a model that was never called."""
    model = keras.saving.load_model(bundle.folder / "model.keras", safe_mode=True)
    inputs = [np.zeros((1, *tensor.shape[1:]), tensor.dtype) for tensor in model.inputs]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a list of one input
        model(inputs)
    return model
