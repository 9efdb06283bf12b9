from __future__ import annotations

import keras
import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.errors import BundleError
from core.lab.models import efficientnet_lite as module
from core.lab.models.efficientnet_lite import BlockRun, efficientnet_lite0, load_weights
from tests.refusals import raises

SMALL = (BlockRun(1, 3, 1, 1, 8), BlockRun(2, 5, 2, 2, 8))


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(1)
    return efficientnet_lite0((32, 32, 3), 5, stages=SMALL, head=12)


def published(model: keras.Model) -> dict[str, np.ndarray]:
    """Return the model's weights as PyTorch names and orders them."""
    arrays = {"_bn0.num_batches_tracked": np.array(7)}
    for layer, names in module.published_names(model).items():
        for name, array in zip(names, model.get_layer(layer).get_weights(), strict=True):
            axes = (2, 3, 0, 1) if "depthwise_conv" in name else (3, 2, 0, 1)
            arrays[name] = array.transpose(axes) if array.ndim == 4 else array.T
    return arrays


def test_every_layer_has_a_name_of_its_own_and_the_size_is_the_paper_s():
    card = pretrained("efficientnet_lite0").card
    norms = sum(layer.parameters for layer in card.layers if layer.kind == "BatchNormalization")
    assert card.parameters - norms // 2 == 4_652_008, "without moving means and variances"
    shapes = {layer.name: layer.shape for layer in card.layers}
    assert (shapes["head"], shapes["features"]) == ((7, 7, 1280), (1280,))
    assert not [name for name in shapes if name.startswith(("conv2d", "re_lu", "batch_norm", "add"))]


def test_published_weights_arrive_in_their_layers(model):
    other = efficientnet_lite0((32, 32, 3), 5, stages=SMALL, head=12)
    load_weights(other, published(model))
    for mine, theirs in zip(other.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_weights_of_another_network_are_refused(model):
    arrays = published(model)
    with raises(BundleError, "lab.weights_missing", names="_fc.bias"):
        load_weights(model, {name: array for name, array in arrays.items() if name != "_fc.bias"})
    with raises(BundleError, "lab.weights_left_over", names="surplus"):
        load_weights(model, {**arrays, "surplus": np.zeros(3)})
    with raises(BundleError, "lab.weights_of_another_shape", layer="logits"):
        load_weights(model, {**arrays, "_fc.bias": np.zeros(9)})
