from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.bundles.bundle import PRETRAINED, open_bundle, pretrained
from core.errors import ConfigError
from core.inference.classifier import Classifier
from core.lab.experiments.network_compression import NetworkCompression
from tests.refusals import raises


def test_a_compressed_copy_is_a_smaller_bundle_that_the_stage_reads(tmp_path: Path) -> None:
    whole = pretrained("plain_cnn")

    NetworkCompression(lambda told, share: None, str(whole.folder)).make(
        "dynamic8", 0.5, False, str(tmp_path / "bundle"), "Small"
    )

    small = open_bundle(tmp_path / "bundle")
    assert len(small.tflite) < 0.6 * len(whole.tflite)
    assert (small.card.classes, small.card.title) == (whole.card.classes, "Small")
    found = Classifier(small).activations(np.zeros((2, 28, 28, 1), np.uint8))
    assert {name: values.shape[1:] for name, values in found.items()} == small.card.activations


@pytest.mark.parametrize(("form", "pruned"), [("4bits", 0.0), ("float16", -0.1), ("float16", 1.0)])
def test_impossible_recipes_are_refused(tmp_path: Path, form: str, pruned: float) -> None:
    experiment = NetworkCompression(lambda told, share: None, str(PRETRAINED / "plain_cnn"))

    with raises(ConfigError, "remedies.impossible_compression"):
        experiment.make(form, pruned, False, str(tmp_path / "bundle"), "Impossible")
    assert not (tmp_path / "bundle").exists()
