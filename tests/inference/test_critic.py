from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import open_bundle
from core.errors import BundleError
from core.inference.critic import DISTANCES, Critic, draw_sound
from core.inference.generator import Generator
from tests import avatar_bundle
from tests.refusals import raises


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(open_bundle(avatar_bundle.FOLDER))


class DarkIsBroken:
    """A critic to which images with a dark background are broken."""

    def are_broken(self, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        return images[:, 0, 0].mean(axis=1) < 110


def test_a_sound_image_is_drawn_beside_each_broken_one_and_the_others_stay(generator: Generator) -> None:
    labels, latent = np.arange(40) % 10, generator.latent(40, 3)
    plain = generator.draw(labels, latent)
    broken = DarkIsBroken().are_broken(plain, labels)

    images, points = draw_sound(generator.draw, DarkIsBroken(), labels, latent)

    assert 0 < broken.sum() < 40
    assert DarkIsBroken().are_broken(images, labels).sum() < 0.2 * broken.sum()
    assert np.array_equal(images[~broken], plain[~broken])
    assert np.array_equal(points[~broken], latent[~broken])
    assert np.array_equal(generator.draw(labels, points), images)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), np.linalg.norm(latent, axis=1), rtol=1e-4)


def test_an_image_depends_on_its_class_and_point_alone(generator: Generator) -> None:
    labels, latent = np.arange(40) % 10, generator.latent(40, 3)
    together, _ = draw_sound(generator.draw, DarkIsBroken(), labels, latent)
    alone = [draw_sound(generator.draw, DarkIsBroken(), labels[i : i + 1], latent[i : i + 1]) for i in (0, 7)]
    assert np.array_equal(together[[0, 7]], np.concatenate([images for images, _ in alone]))


def test_where_nothing_is_sound_the_last_attempt_is_drawn(generator: Generator) -> None:
    calls: list[int] = []

    class Never:
        def are_broken(self, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
            calls.append(len(images))
            return np.ones(len(images), bool)

    images, _ = draw_sound(generator.draw, Never(), np.array([1, 2]), np.zeros((2, 16), np.float32))
    assert len(images) == 2
    assert calls == [2] * (1 + len(DISTANCES))


def test_a_bundle_without_a_critic_says_so() -> None:
    with raises(BundleError, "inference.no_critic", name="avatar_bundle"):
        Critic(open_bundle(avatar_bundle.FOLDER))
