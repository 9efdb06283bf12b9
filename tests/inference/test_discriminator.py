from __future__ import annotations

import numpy as np
import pytest

from core.errors import BundleError, ImageError
from core.inference.discriminator import Discriminator
from core.inference.generator import Generator


@pytest.fixture
def discriminator(gan_bundle) -> Discriminator:
    return Discriminator(gan_bundle)


def test_the_logit_of_an_image_does_not_depend_on_its_batch(discriminator, gan_bundle):
    generator = Generator(gan_bundle)
    labels = np.arange(70) % 10
    images = generator.draw(labels, generator.latent(70, 0))
    together = discriminator.logits(images, labels)
    assert together.shape == (70,)
    alone = [discriminator.logits(images[i : i + 1], labels[i : i + 1])[0] for i in (0, 63, 64, 69)]
    assert np.allclose(alone, together[[0, 63, 64, 69]], atol=1e-4)


def test_no_images_get_no_logits(discriminator):
    assert discriminator.logits(np.empty((0, 28, 28, 1), np.uint8), np.empty(0, int)).shape == (0,)


def test_images_of_another_size_are_refused_in_one_sentence(discriminator):
    with pytest.raises(ImageError) as refused:
        discriminator.logits(np.zeros((1, 8, 8, 1), np.uint8), np.zeros(1))
    assert refused.value.message.key == "inference.image_shape"


def test_a_bundle_without_a_discriminator_is_refused(cnn_bundle):
    with pytest.raises(BundleError) as refused:
        Discriminator(cnn_bundle)
    assert refused.value.message.key == "inference.no_discriminator"
