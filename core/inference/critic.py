"""Find broken images by a critic, and draw others in their place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.bundles.bundle import Bundle
from core.errors import BundleError
from core.inference.discriminator import Discriminator
from core.inference.generator import Generator

# How far each attempt goes from the point whose image is broken: 0 stays there, 1 is a new point.
DISTANCES = (0.5, 0.7, 0.85, 1.0, 1.0, 1.0)


class Critic:
    """The critic of a generator's bundle; see ``core.lab.training.critic_training``.

    Raises:
        BundleError: when the bundle has none.
    """

    def __init__(self, bundle: Bundle) -> None:
        least = bundle.card.sound_from
        if bundle.critic is None or least is None:
            raise BundleError("inference.no_critic", name=bundle.name)
        self._least = least
        self._network = Discriminator(bundle, bundle.critic)

    def are_broken(self, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return which images (N×H×W×C uint8) are not what their classes (N) ask for, N bool.

        Raises:
            ImageError: when the images are not of the generator's shape.
        """
        return self.logits(images, labels) < self._least

    def logits(self, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return a logit for each image and its class, N; the higher, the more it looks like a real one.

        Raises:
            ImageError: when the images are not of the generator's shape.
        """
        return self._network.logits(images, labels)


def draw_sound(
    draw: Callable[[np.ndarray, np.ndarray], np.ndarray],
    critic: Critic,
    labels: np.ndarray,
    latent: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return images of classes (N) at points (N×D), and the points at which they were drawn.

    ``draw`` is a generator's. Where an image is broken, points around its own are tried, each farther away
    than the last. Which they are depends on the point alone, so the same class and point always give the same
    image.
    """
    images, points = draw(labels, latent), latent.copy()
    broken = np.flatnonzero(critic.are_broken(images, labels))
    for attempt, distance in enumerate(DISTANCES):
        if not len(broken):
            break
        points[broken] = [_beside(latent[i], attempt, distance) for i in broken]
        images[broken] = draw(labels[broken], points[broken])
        broken = broken[critic.are_broken(images[broken], labels[broken])]
    return images, points


def _beside(point: np.ndarray, attempt: int, distance: float) -> np.ndarray:
    """Return a point at a distance from another and as far from the centre, by a seed made of that one."""
    seed = [attempt, *point.astype("<f4").view("<u4").tolist()]
    random = np.random.default_rng(seed).standard_normal(len(point))
    length = np.linalg.norm(point)
    mixed = np.sqrt(1 - distance**2) * point + distance * length * random / np.linalg.norm(random)
    return (mixed * (length / max(float(np.linalg.norm(mixed)), 1e-12))).astype(np.float32)


class SoundGenerator(Generator):
    """A generator that draws another image in the place of each broken one."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        self._critic = Critic(bundle)

    def draw(self, labels: np.ndarray, latent: np.ndarray) -> np.ndarray:
        """Return images, N×H×W×C uint8, of these classes (N) at these points or beside them."""
        return self.draw_at(labels, latent)[0]

    def draw_at(self, labels: np.ndarray, latent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the images, and the points at which they were drawn (N×D)."""
        return draw_sound(super().draw, self._critic, labels, latent)
