from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.errors import ConfigError
from core.lab.training.weight_mean import mean_of_weights, mixed
from tests.refusals import raises


def test_each_network_has_its_share_of_the_mean_and_the_first_has_the_rest() -> None:
    first, one, other = ([np.full(2, value, np.float32), np.float32([value])] for value in (0.0, 4.0, 8.0))

    mean = mean_of_weights(first, [one, other], [0.25, 0.5])

    assert [weights.tolist() for weights in mean] == [[5.0, 5.0], [5.0]]
    assert all(weights.dtype == np.float32 for weights in mean)


@pytest.mark.parametrize(
    ("name", "other", "key"),
    [("dcgan", "dcgan", "lab.mean_of_classifiers"), ("cnn", "lstm", "lab.other_first_weights")],
)
def test_networks_that_have_no_mean_are_refused(name: str, other: str, key: str) -> None:
    with raises(ConfigError, key):
        mixed(pretrained(name), [(pretrained(other), 0.5)], lambda told, share: None)
