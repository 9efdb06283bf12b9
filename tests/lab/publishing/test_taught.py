from __future__ import annotations

import io
import zipfile

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

from core.class_sets.features import Backbone, backbone_id
from core.class_sets.litert_metadata import LABELS
from core.images.reduced import jpeg
from core.inference.classifier import Classifier
from core.inference.picture_reading import Verdict, answer, prepare
from tests.lab.publishing.conftest import NAMES, pictures


def test_the_litert_file_answers_in_its_own_interpreter_as_the_head_does(bundle, taught, backbone):
    images, labels = pictures(4, 1)
    expected = taught.probabilities(Backbone(backbone).features(images))
    interpreter = Interpreter(model_content=bundle.tflite)
    run = interpreter.get_signature_runner()
    found = np.concatenate([run(image=image[None])["probabilities"] for image in images])
    assert interpreter.get_input_details()[0]["dtype"] == np.uint8
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert np.abs(found - expected).max() < 0.05
    assert np.array_equal(found.argmax(axis=1), labels)


def test_the_app_reads_the_bundle_as_any_other_and_keras_opens_it(bundle, taught, backbone):
    images, _ = pictures(2, 2)
    classifier = Classifier(bundle)
    expected = taught.probabilities(Backbone(backbone).features(images))
    assert np.abs(classifier.probabilities(images) - expected).max() < 0.05
    stored = keras.models.load_model(bundle.folder / "model.keras", safe_mode=True)
    assert np.abs(np.asarray(stored(images)["probabilities"]) - expected).max() < 0.05
    assert bundle.card.classes == NAMES
    assert bundle.card.config == {"backbone": backbone_id(backbone.card)}


def test_the_labels_are_inside_the_litert_file(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle.tflite)) as archive:
        assert archive.read(LABELS).decode().split("\n") == [*NAMES, ""]


def test_a_picture_unlike_all_classes_is_of_none_of_them(bundle):
    images, labels = pictures(1, 3)
    strange = np.zeros((32, 32, 3), np.uint8)
    given = [
        answer(prepare(jpeg(Image.fromarray(image)), "a.jpg"), Classifier(bundle))[0]
        for image in (*images, strange)
    ]
    assert [one.label for one in given[:3]] == [NAMES[label] for label in labels]
    assert [one.verdict for one in given][-1] is Verdict.UNKNOWN
    assert Verdict.READ in [one.verdict for one in given[:3]]
