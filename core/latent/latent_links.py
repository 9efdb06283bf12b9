"""Write a latent point as short text for a link, exact to the last bit, so that its image is the same."""

from __future__ import annotations

import numpy as np

from core.contract.link_text import from_text, to_text
from core.errors import ConfigError

MOST_CHARACTERS = 2_800  # 512 numbers, the most that a generator takes


def to_code(point: np.ndarray) -> str:
    """Return the code of a point (latent_size float32)."""
    return to_text(point.astype("<f4").tobytes())


def from_code(code: str, size: int) -> np.ndarray:
    """Return the point (size float32) in a code.

    Raises:
        ConfigError: when the code is damaged, or of a point of another size.
    """
    try:
        point = np.frombuffer(from_text(code, MOST_CHARACTERS), "<f4").astype(np.float32)
    except ValueError as error:
        raise ConfigError("latent.damaged_point") from error
    if not np.isfinite(point).all() or np.abs(point).max(initial=0) > 100:
        raise ConfigError("latent.damaged_point")
    if len(point) != size:
        raise ConfigError("latent.other_size", count=len(point), size=size)
    return point
