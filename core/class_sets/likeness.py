"""Tell whether a picture is like any class that was taught, by the angle between features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Likeness:
    """Directions of the classes' mean features.

    On CIFAR-10 no other simple rule told pictures of classes that were not taught apart much better, and
    pictures of other kinds are told apart almost always; docs/models.md compares the rules.
    """

    directions: np.ndarray  # size×classes, float32, of length 1; 0 for a class without pictures

    @classmethod
    def learn(cls, features: np.ndarray, labels: np.ndarray, classes: int) -> Likeness:
        """Return the directions of the classes, from features (N×size) and labels (N)."""
        members = np.eye(classes, dtype=np.float32)[labels]
        return cls(unit(members.T @ features.astype(np.float32)).T)

    def of(self, features: np.ndarray) -> np.ndarray:
        """Return the cosine between each picture's features and the nearest class's, N."""
        return (unit(features) @ self.directions).max(axis=1)


def unit(features: np.ndarray) -> np.ndarray:
    """Return features, N×size, scaled to length 1 as float32; zeros stay zeros."""
    values = features.astype(np.float32)
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12)
