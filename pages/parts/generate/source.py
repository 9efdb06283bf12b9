"""Generator and latent points for the views of Generate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.contract.dataset_info import DIGITS
from core.contract.subjects import Subject, subject
from core.inference.critic import SoundGenerator
from core.inference.generator import Generator
from core.language import gettext
from pages.parts.shared.model_picker import Choice


@dataclass(frozen=True)
class Source:
    """A generator and the choice it was opened from."""

    choice: Choice
    generator: Generator
    sound: SoundGenerator | None = None  # draws others in place of broken images; None: all are shown

    @property
    def classes(self) -> tuple[str, ...]:
        """Classes that can be asked for; one without a name where the generator takes none."""
        return self.generator.card.classes if self.generator.card.is_conditional else (gettext("anything"),)

    @property
    def subject(self) -> Subject:
        """What the images show: its words, and what can be done with it."""
        return subject(self.generator.card.subject, self.generator.card.shape[2])

    @property
    def draws_digits(self) -> bool:
        """True if each of the ten digits can be asked for."""
        return self.generator.card.subject == "digit" and set(DIGITS) <= set(self.classes)

    @property
    def has_styles(self) -> bool:
        """True if a class is a style: one latent point is the same person in each of them."""
        return self.subject.has_styles and len(self.classes) > 1

    @property
    def name(self) -> str:
        """Beginning of the names of downloaded files."""
        return self.choice.key

    @property
    def drawer(self) -> Generator:
        """What draws single images; a series along a path is always the generator's own."""
        return self.sound or self.generator

    def draw_at(self, labels: np.ndarray, latent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return images (N×H×W×C uint8) of classes (N), and the points (N×D) at which they were drawn."""
        if self.sound is not None:
            return self.sound.draw_at(labels, latent)
        return self.generator.draw(labels, latent), latent


def latent_point(source: Source, label: int, seed: int, number: int, scale: float) -> np.ndarray:
    """Return the latent point of one image of a seed's grid, of a class (latent_size float32)."""
    point = np.float32(scale) * source.generator.latent(number + 1, seed)[number]
    return source.draw_at(np.array([label]), point[None])[1][0]
