from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core.bundles.bundle import pretrained
from core.class_sets.features import BACKBONE, Backbone, backbone_id
from core.class_sets.head_files import PROBABILITIES, PortableHead
from core.class_sets.linear_head import LinearHead
from core.class_sets.litert_export import litert_file
from core.class_sets.litert_metadata import LABELS
from core.contract.evaluation import softmax

NAMES = ("red", "<b>blue</b>", "绿")
TEMPERATURE = 1.7


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    return Backbone(pretrained(BACKBONE))


@pytest.fixture(scope="module")
def taught(backbone: Backbone) -> PortableHead:
    random = np.random.default_rng(0)
    head = LinearHead(
        random.normal(0, 0.2, (backbone.size, 3)).astype(np.float32), np.array([0.5, -1, 0], np.float32)
    )
    return PortableHead(NAMES, backbone_id(backbone.card), head, TEMPERATURE)


def test_the_file_reads_uint8_and_gives_the_app_s_probabilities_in_its_own_interpreter(backbone, taught):
    images = np.random.default_rng(1).integers(0, 256, (2, *backbone.card.shape), np.uint8)
    content = litert_file(taught, backbone.bundle)
    runner = Interpreter(model_content=content).get_signature_runner()
    assert runner.get_input_details()["image"]["dtype"] == np.uint8
    found = runner(image=images)
    assert list(found) == [PROBABILITIES]
    expected = softmax(taught.head.logits(backbone.features(images)) / TEMPERATURE)
    assert np.abs(found[PROBABILITIES] - expected).max() < 0.01
    assert len(content) < len(backbone.bundle.tflite)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read(LABELS).decode().splitlines() == list(NAMES)
