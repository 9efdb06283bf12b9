from __future__ import annotations

import re

import pytest

from core.contract import architectures
from core.errors import ConfigError
from tests.refusals import raises


def test_every_architecture_has_a_title_a_summary_and_a_source():
    for architecture in architectures.ARCHITECTURES:
        assert architecture.title
        assert architecture.summary.endswith(".")
        assert re.search(r"\b(19|20)\d\d\b|tutorials", architecture.source)


def test_no_two_architectures_have_the_same_name_or_title():
    for key in ("name", "title"):
        values = [getattr(a, key) for a in architectures.ARCHITECTURES]
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("family", ["cnn", "rnn", "gan"])
def test_the_default_architecture_of_a_family_belongs_to_it(family):
    assert architectures.get(architectures.default(family)).family == family


def test_the_error_for_an_unknown_architecture_lists_the_known_ones():
    with raises(ConfigError, "contract.unknown_architecture", name="lent5"):
        architectures.get("lent5")


@pytest.mark.parametrize("architecture", architectures.ARCHITECTURES, ids=lambda a: a.name)
def test_the_lab_builds_every_architecture_for_other_shapes_and_classes(architecture):
    from core.lab.models import factory  # noqa: PLC0415 (imports TensorFlow)

    shape, classes = (32, 32, 3), 7
    if architecture.family == "gan":
        gan = factory.adversaries(architecture.name, shape, classes, 16)
        images, latent = gan.generator.output_shape, gan.generator.inputs[0].shape
        assert (images, latent) == ((None, *shape), (None, 16))
    else:
        network = factory.classifier(architecture.name, shape, classes)
        assert (network.input_shape, network.output_shape) == ((None, *shape), (None, classes))
