from __future__ import annotations

import io
import json
import runpy
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import onnx
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from onnx.reference import ReferenceEvaluator
from PIL import Image

from core.class_sets.exports import script
from core.class_sets.features import Backbone, backbone_id
from core.class_sets.head_files import PortableHead
from core.class_sets.litert_metadata import LABELS
from core.lab.publishing.taught_formats import answering_model, answering_part, written
from tests.lab.publishing.conftest import NAMES, pictures

TOLERANCE = 0.05  # of a probability: the app's features come from 8-bit weights


@pytest.fixture(scope="module")
def model(taught, backbone) -> keras.Model:
    return answering_model(PortableHead.of(taught, NAMES, backbone_id(backbone.card)), backbone)


@pytest.fixture(scope="module")
def expected(taught, backbone) -> tuple[np.ndarray, np.ndarray]:
    """Return images and the probabilities that the page shows for them."""
    images, _ = pictures(3, 5)
    return images, taught.probabilities(Backbone(backbone).features(images))


def labels_in(content: bytes, name: str = LABELS) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode().splitlines()


def test_the_litert_file_reads_uint8_and_answers_as_the_page_in_its_own_interpreter(model, expected):
    images, probabilities = expected
    content = written(model, NAMES, "litert")
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    (given,), (returned,) = interpreter.get_input_details(), interpreter.get_output_details()
    assert given["dtype"] == np.uint8
    found = []
    for image in images:
        interpreter.set_tensor(given["index"], image[None])
        interpreter.invoke()
        found.append(interpreter.get_tensor(returned["index"])[0])
    assert np.abs(np.stack(found) - probabilities).max() < TOLERANCE
    assert labels_in(content) == list(NAMES)


def test_the_keras_file_answers_as_the_page_and_opens_in_safe_mode(model, expected, tmp_path):
    images, probabilities = expected
    content = written(model, NAMES, "keras")
    (tmp_path / "model.keras").write_bytes(content)
    opened = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert np.abs(np.asarray(opened(images)) - probabilities).max() < TOLERANCE
    assert labels_in(content) == list(NAMES)


def test_the_saved_model_answers_as_the_page(model, expected, tmp_path):
    images, probabilities = expected
    content = written(model, NAMES, "saved_model")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    opened = tf.saved_model.load(tmp_path / "saved_model")  # its variables live as long as it does
    assert np.abs(np.asarray(opened.serve(images)) - probabilities).max() < TOLERANCE
    assert labels_in(content) == list(NAMES)


def test_the_onnx_file_answers_as_the_page(model, expected):
    images, probabilities = expected
    opened = onnx.load_model_from_string(written(model, NAMES, "onnx"))
    evaluator = ReferenceEvaluator(opened)
    (found,) = evaluator.run(None, {evaluator.input_names[0]: images})
    assert np.abs(found - probabilities).max() < TOLERANCE
    assert json.loads({p.key: p.value for p in opened.metadata_props}["labels"]) == list(NAMES)


def test_the_bundle_of_a_taught_network_becomes_the_same_network(bundle, expected):
    images, probabilities = expected
    assert np.abs(np.asarray(answering_part(bundle)(images)) - probabilities).max() < TOLERANCE


def test_the_script_learns_the_same_from_a_folder_of_pictures(
    taught, backbone, expected, tmp_path, monkeypatch
):
    images, labels = pictures(6, 0)  # those from which the head has learnt
    files = []
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        buffer = io.BytesIO()
        pad = np.pad(image, ((2, 2), (2, 2), (0, 0)), mode="edge")  # the reader takes the middle
        Image.fromarray(pad).save(buffer, "PNG")
        files.append((f"{label}/{number}.png", buffer.getvalue()))
    packed = script(backbone, backbone_id(backbone.card), taught.temperature, files)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    monkeypatch.setattr(sys, "argv", ["learn.py"])
    runpy.run_path(str(tmp_path / "learn.py"))
    learnt = keras.saving.load_model(Path(tmp_path) / "model.keras", safe_mode=True)
    shown, probabilities = expected
    assert np.abs(np.asarray(learnt(shown)) - probabilities).max() < 2 * TOLERANCE
    assert (tmp_path / "labels.txt").read_text().split() == ["0", "1", "2"]
