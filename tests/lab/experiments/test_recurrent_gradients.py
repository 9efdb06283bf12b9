from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.bundles.bundle import PRETRAINED
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.datasets.synthetic.handwriting import render
from core.errors import BundleError, ConfigError
from core.lab.experiments.recurrent_gradients import RecurrentGradients

LABELS = np.arange(20) % 10


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], RecurrentGradients]:
    """Return a function that makes the experiment with a few rendered digits as its data set."""

    def load(name: str, **_: object) -> Dataset:
        images = render(LABELS, 1)[..., None]
        return Dataset(registry.describe(name), images, LABELS, images, LABELS)

    monkeypatch.setattr(registry, "load", load)
    return lambda name: RecurrentGradients(lambda text, share: None, str(PRETRAINED / name))


def test_every_recurrent_layer_of_the_shipped_lstm_is_measured_at_every_row(
    made: Callable[[str], RecurrentGradients],
) -> None:
    layers = made("lstm").measure(20)["layers"]

    assert [(layer["name"], layer["kind"]) for layer in layers] == [("lstm1", "LSTM"), ("lstm2", "LSTM")]
    for layer in layers:
        assert layer["norms"].shape == (28,)
        assert (layer["norms"] > 0).all()


def test_too_many_images_are_refused(made: Callable[[str], RecurrentGradients]) -> None:
    with pytest.raises(ConfigError) as refused:
        made("lstm").measure(21)
    assert refused.value.message.key == "lab.image_count"


def test_a_network_without_a_recurrent_layer_is_refused(made: Callable[[str], RecurrentGradients]) -> None:
    with pytest.raises(BundleError) as refused:
        made("cnn")
    assert refused.value.message.key == "inside.unknown_layer"
