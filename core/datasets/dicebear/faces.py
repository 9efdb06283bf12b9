"""Define the classes and attributes of pixel faces: how each class is drawn, and what a face shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SHORT = tuple(f"short{i:02}" for i in range(1, 25))  # the names of the hair in DiceBear's pixel-art
LONG = tuple(f"long{i:02}" for i in range(1, 22))
ATTRIBUTES = ("glasses", "hat", "beard", "long_hair", "earrings")  # a face may have several


@dataclass(frozen=True)
class Face:
    """A class of faces; no two classes overlap."""

    title: str
    hair: tuple[str, ...]
    glasses: int = 0  # per cent of the faces
    hat: int = 0
    beard: int = 0

    @property
    def options(self) -> dict[str, Any]:
        """Options of DiceBear's style."""
        return {
            "hair": list(self.hair),
            "glassesProbability": self.glasses,
            "hatProbability": self.hat,
            "beardProbability": self.beard,
            "accessoriesProbability": 20,
        }


FACES = (
    Face("Short hair", SHORT),
    Face("Long hair", LONG),
    Face("Short hair, glasses", SHORT, glasses=100),
    Face("Long hair, glasses", LONG, glasses=100),
    Face("Hat", SHORT + LONG, glasses=30, hat=100),
    Face("Beard", SHORT + LONG, glasses=30, beard=100),
)


def attributes_of(shown: Mapping[str, Any]) -> tuple[bool, ...]:
    """Return whether a face has each of ``ATTRIBUTES``, from what DiceBear says about it."""
    parts = [part in shown for part in ("glasses", "hat", "beard")]
    return (*parts, str(shown["hair"]).startswith("long"), "accessories" in shown)
