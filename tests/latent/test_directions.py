from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.bundles.saved_weights import read_first
from core.errors import BundleError
from core.inference.generator import Generator
from core.latent.appearance import measure_appearance
from core.latent.directions import FORM, Axis, move_along, named_axes, principal_axes
from tests.refusals import raises


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(pretrained("dcgan"))


@pytest.fixture(scope="module")
def axes(generator) -> list[Axis]:
    return named_axes(generator, principal_axes(generator.bundle))


def test_the_axes_explain_as_much_of_the_first_layer_as_principal_components_of_samples(generator):
    found = principal_axes(generator.bundle, 3)
    kernel = read_first(generator.bundle, "Dense").weights[0][: generator.latent_size]
    latent = generator.latent(500, 0)
    activations = (latent - latent.mean(0)) @ kernel
    components = np.linalg.eigvalsh(activations @ activations.T)[-3:].sum() / len(latent)
    held = ((latent @ found.T) @ (found @ kernel)).var(axis=0).sum()
    assert (
        0.85 * components < held < 1.02 * components
    )  # components fitted to these samples explain a little more


def test_axes_are_unit_vectors_at_right_angles(generator):
    found = principal_axes(generator.bundle)
    assert found.shape == (12, generator.latent_size)
    assert np.allclose(found @ found.T, np.eye(12), atol=1e-4)


def test_a_named_axis_has_its_effect_on_other_images_too(generator, axes):
    names = [axis.name for axis in axes if axis.name != FORM]
    assert {"slant", "width"} <= set(names)
    assert len(names) == len(set(names))
    labels, latent = np.arange(50) % 10, generator.latent(50, 99)
    for axis in axes[: len(names)]:
        low, high = (
            measure_appearance(generator.draw(labels, move_along(latent, [axis], [at]))) for at in (-2, 2)
        )
        assert np.mean(high[axis.name] - low[axis.name]) > 0, axis.name


def test_named_axes_come_first_and_state_their_effect(axes):
    kinds = [axis.name == FORM for axis in axes]
    assert kinds == sorted(kinds)
    assert sorted(axis.rank for axis in axes) == list(range(1, 13))
    assert next(axis for axis in axes if axis.name == "slant").words.startswith("+")


def test_points_are_moved_along_every_axis_at_once(axes):
    point = np.zeros(axes[0].vector.shape, np.float32)
    assert np.allclose(move_along(point, axes[:2], [1.0, -2.0]), axes[0].vector - 2 * axes[1].vector)


def test_any_generator_has_axes_and_a_classifier_has_none(unconditional_bundle, gan_bundle, cnn_bundle):
    for bundle in (unconditional_bundle, gan_bundle):
        assert len(named_axes(Generator(bundle), principal_axes(bundle, 4))) == 4
    with raises(BundleError, "latent.no_latent_layer"):
        principal_axes(cnn_bundle)
