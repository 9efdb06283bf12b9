from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.datasets.synthetic.handwriting import render
from core.inference.classifier import Classifier
from core.remedies.deletion import STEPS
from core.remedies.explanation_table import (
    KINDS_OF_MAP,
    ExplanationTable,
    explainers,
    measure_maps,
)
from core.remedies.shipped_files import SHIPPED, read_measurement, write_measurement


def heat(image: np.ndarray, label: int) -> np.ndarray:
    return image[..., 0].astype(float)


def test_every_map_of_a_cnn_is_measured_and_the_same_map_correlates_with_itself(tmp_path: Path) -> None:
    classifier = Classifier(pretrained("plain_cnn"))
    maps = explainers(classifier, heat, seed=1)
    digits = render(np.array([4]), 2)[..., None]

    found = measure_maps(classifier, maps, explainers(classifier, heat, seed=2), digits)

    assert list(found) == list(KINDS_OF_MAP)
    assert all(len(each.deletion) == len(each.insertion) == STEPS + 1 for each in found.values())
    assert found["score_cam"].correlation == pytest.approx(1)
    assert abs(found["random"].correlation) < 0.2
    table = ExplanationTable(dataset="mnist", images=1, seed=1, networks={"plain_cnn": found})
    write_measurement(table, tmp_path / "table.json")
    assert read_measurement(ExplanationTable, tmp_path / "table.json") == table
    assert table.best("plain_cnn") == max(found, key=lambda kind: found[kind].gap)


def test_an_rnn_has_no_class_activation_map() -> None:
    assert "score_cam" not in explainers(Classifier(pretrained("lstm")), heat, seed=1)


def test_in_the_shipped_table_every_network_has_a_map_that_is_better_than_chance() -> None:
    table = read_measurement(ExplanationTable, SHIPPED / "explanations_mnist.json")

    for network, maps in table.networks.items():
        assert maps[table.best(network)].gap > maps["random"].gap + 0.1
