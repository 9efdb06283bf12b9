"""Several modules: every shipped generator draws the requested class."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.bundles.bundle import pretrained, pretrained_names, shipped_classifier
from core.inference.classifier import Classifier
from core.inference.discriminator import Discriminator
from core.inference.generator import Generator
from core.inference.model_evaluation import measure_generator

GENERATORS = [name for name in pretrained_names() if pretrained(name).card.family == "gan"]
MEASURED = [name for name in GENERATORS if pretrained(name).card.shape[2] == 1]  # by a shipped classifier
FLOORS = {"mnist": 0.993, "fashion_mnist": 0.92}  # least conditional accuracy on 10,000 samples
SAMPLES = 1000


@pytest.mark.parametrize("name", MEASURED)
def test_the_conditional_accuracy_of_a_smaller_sample_reaches_its_floor(name):
    generator = Generator(pretrained(name))
    floor = FLOORS[generator.card.dataset]
    classifier = Classifier(
        shipped_classifier(generator.card.classes, generator.card.shape, unaugmented=True)
    )
    found = measure_generator(generator, classifier, SAMPLES, seed=11)
    assert found.accuracy >= floor - 4 * math.sqrt(floor * (1 - floor) / SAMPLES)


@pytest.mark.parametrize("name", [name for name in GENERATORS if pretrained(name).discriminator])
def test_a_shipped_discriminator_lowers_its_logit_for_a_grainy_image(name):
    generator, discriminator = Generator(pretrained(name)), Discriminator(pretrained(name))
    labels = np.arange(200) % len(generator.card.classes)
    drawn = generator.draw(labels, generator.latent(200, 1))
    grain = np.random.default_rng(0).normal(0, 20, drawn.shape)
    grainy = np.clip(drawn + grain, 0, 255).astype(np.uint8)
    assert np.mean(discriminator.logits(drawn, labels) > discriminator.logits(grainy, labels)) > 0.7
