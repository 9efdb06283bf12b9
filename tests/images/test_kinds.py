"""Several modules: whole pictures of every kind, read by the shipped CNN.

``tests.benchmarks.pictures`` measures many more.
"""

from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.datasets.synthetic.handwriting import render
from core.inference.classifier import Classifier
from tests.benchmarks.pictures import read_right
from tests.images.kinds import GROUPS


@pytest.mark.parametrize("group", GROUPS)
def test_pictures_of_every_kind_are_read(group: str) -> None:
    labels = np.array([4, 2])
    digits, classifier = render(labels, seed=67), Classifier(pretrained("cnn"))
    read = {name: read_right(name, kind, digits, labels, classifier) for name, kind in GROUPS[group].items()}
    assert np.mean(list(read.values())) >= 0.9, read
