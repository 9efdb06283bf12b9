from __future__ import annotations

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from keras import layers

from core.bundles.bundle import Bundle, pretrained
from core.inference.generator import Generator
from core.lab.publishing.litert_conversion import to_litert


def operations(bundle: Bundle) -> set[str]:
    interpreter = Interpreter(model_content=bundle.tflite)
    return {operation["op_name"] for operation in interpreter._get_ops_details()}


def test_a_generator_for_litert_has_only_fixed_shapes(gan_bundle):
    """Guard against shapes computed at run time, which made an interpreter give NaN from its fourth run."""
    assert not operations(gan_bundle) & {"SHAPE", "PACK", "STRIDED_SLICE"}


def test_only_the_largest_convolution_of_a_generator_is_quantised(gan_bundle):
    interpreter = Interpreter(model_content=gan_bundle.tflite)
    whole = {t["name"] for t in interpreter.get_tensor_details() if t["dtype"] is np.int8}
    assert whole
    assert all("/conv2" in name for name in whole)


@pytest.mark.parametrize("name", ["dcgan", "fashion_dcgan"])
def test_images_of_a_shipped_generator_do_not_depend_on_earlier_contents_of_memory(name):
    generator = Generator(pretrained(name))
    labels, latent = np.arange(64) % 10, generator.latent(64, 0)
    expected = generator.draw(labels, latent)
    for count in (64, 16) * 4:
        for _ in range(6):
            assert np.array_equal(generator.draw(labels[:count], latent[:count]), expected[:count])
            np.full(50_000, np.nan, np.float32)  # leaves NaN in the freed memory


def test_outputs_keep_their_names_behind_activations_with_gradients_of_their_own() -> None:
    x = image = keras.Input((4,), name="image")
    for name in ("silu", "gelu", "elu", "softplus", "mish"):
        x = layers.Activation(name, name=name)(x)
    interpreter = Interpreter(model_content=to_litert(keras.Model(image, x), {"silu": x, "mish": x}))
    [signature] = interpreter.get_signature_list().values()
    assert signature == {"inputs": ["image"], "outputs": ["mish", "silu"]}
