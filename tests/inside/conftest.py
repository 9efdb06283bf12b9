from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.bundles.bundle import Bundle
from tests.conftest import Publish

if TYPE_CHECKING:
    import keras

Networks = dict[str, "tuple[keras.Model, Bundle]"]
NETWORKS = ("tutorial", "deep", "lenet5")


@pytest.fixture(scope="session")
def networks(publish: Publish) -> Networks:
    """Return a Keras model and a bundle of each architecture, without weights or statistics of zero."""
    import keras  # noqa: PLC0415

    from core.contract.config import ClassifierConfig  # noqa: PLC0415
    from core.lab.models import factory  # noqa: PLC0415

    made = {}
    for name in NETWORKS:
        keras.utils.set_random_seed(7)
        model = factory.classifier(name, (28, 28, 1), 10)
        random = np.random.default_rng(3)
        for layer in model.layers:
            if layer.name.endswith("_norm"):
                layer.set_weights([random.uniform(0.4, 1.6, w.shape) for w in layer.get_weights()])
            elif len(layer.get_weights()) == 2:
                kernel, bias = layer.get_weights()
                layer.set_weights([kernel, random.normal(0, 0.2, bias.shape)])
        made[name] = (model, publish(f"inside-{name}", model, ClassifierConfig(architecture=name), {}))
    return made
