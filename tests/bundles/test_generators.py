"""Every generator that ships: it draws what it is asked for, as an independent network sees it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.bundles.bundle import judge_of, pretrained, pretrained_names
from core.inference.classifier import Classifier
from core.inference.discriminator import Discriminator
from core.inference.generator import Generator
from core.inference.measure import measure_generator

GENERATORS = [name for name in pretrained_names() if pretrained(name).card.family == "gan"]
FLOORS = {"mnist": 0.993, "fashion_mnist": 0.92}  # of conditional accuracy on 10,000 samples
SAMPLES = 1000


@pytest.mark.parametrize("name", GENERATORS)
def test_a_smaller_sample_holds_the_floor_of_conditional_accuracy(name):
    generator = Generator(pretrained(name))
    floor = FLOORS[generator.card.dataset]
    found = measure_generator(generator, Classifier(judge_of(generator.card.classes, plain=True)), SAMPLES, seed=11)
    assert found.accuracy >= floor - 4 * math.sqrt(floor * (1 - floor) / SAMPLES)


@pytest.mark.parametrize("name", [name for name in GENERATORS if pretrained(name).discriminator])
def test_a_shipped_discriminator_tells_noise_from_what_its_generator_draws(name):
    generator = Generator(pretrained(name))
    labels = np.arange(50) % len(generator.card.classes)
    drawn = generator.draw(labels, generator.latent(50, 1))
    noise = np.random.default_rng(0).integers(0, 256, drawn.shape, np.uint8)
    judge = Discriminator(pretrained(name))
    assert np.median(judge.logits(drawn, labels)) > np.median(judge.logits(noise, labels))
