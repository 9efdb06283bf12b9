from __future__ import annotations

import numpy as np
import pytest

from core.inference.generator import Generator

Drawn = list[tuple[list[int], np.ndarray]]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """What the generator is asked for, call by call: classes and latent points."""
    asked: Drawn = []
    draw = Generator.draw

    def spy(self: Generator, labels: np.ndarray, latent: np.ndarray) -> np.ndarray:
        asked.append((list(labels), latent))
        return draw(self, labels, latent)

    monkeypatch.setattr(Generator, "draw", spy)
    return asked
