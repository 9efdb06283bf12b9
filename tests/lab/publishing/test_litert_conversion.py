from __future__ import annotations

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core.bundles.bundle import Bundle, pretrained
from core.inference.generator import Generator


def operations(bundle: Bundle) -> set[str]:
    interpreter = Interpreter(model_content=bundle.tflite)
    return {operation["op_name"] for operation in interpreter._get_ops_details()}


def test_a_generator_for_litert_computes_no_shape_while_it_runs(gan_bundle):
    """With shapes that are known only then, an interpreter gave NaN from its fourth run on."""
    assert not operations(gan_bundle) & {"SHAPE", "PACK", "STRIDED_SLICE"}


def test_a_generators_largest_convolution_alone_multiplies_whole_numbers(gan_bundle):
    interpreter = Interpreter(model_content=gan_bundle.tflite)
    whole = {t["name"] for t in interpreter.get_tensor_details() if t["dtype"] is np.int8}
    assert whole
    assert all("/conv2" in name for name in whole)


@pytest.mark.parametrize("name", ["dcgan", "fashion_dcgan"])
def test_a_shipped_generator_draws_alike_whatever_lay_in_memory_before(name):
    generator = Generator(pretrained(name))
    labels, latent = np.arange(64) % 10, generator.latent(64, 0)
    expected = generator.draw(labels, latent)
    for count in (64, 16) * 4:
        for _ in range(6):
            assert np.array_equal(generator.draw(labels[:count], latent[:count]), expected[:count])
            np.full(50_000, np.nan, np.float32)  # left behind in the freed memory
