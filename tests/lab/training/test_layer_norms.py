from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.lab.training.layer_norms import LayerNorms


def test_the_norm_of_a_layer_is_that_of_all_its_variables_together():
    entrance = keras.Input((3,))
    hidden = keras.layers.Dense(4, name="a")(entrance)
    model = keras.Model(entrance, keras.layers.Dense(2, name="b")(hidden))
    norms = LayerNorms(model.trainable_variables, "net/")
    gradients = [tf.ones_like(tf.convert_to_tensor(v)) for v in model.trainable_variables]

    told = norms.named(norms.measure(gradients))

    assert norms.names == ["net/a", "net/b"]
    assert list(told["gradient_norms"].values()) == pytest.approx([np.sqrt(3 * 4 + 4), np.sqrt(4 * 2 + 2)])
    for layer in model.layers[1:]:
        flat = np.concatenate([np.ravel(v) for v in layer.trainable_variables])
        assert told["weight_norms"][f"net/{layer.name}"] == pytest.approx(np.linalg.norm(flat), rel=1e-5)
    assert norms.zeros().shape == norms.measure(gradients).shape
