"""A latent point as a short text for a link, exact to the last bit, so that its image is the same."""

from __future__ import annotations

import base64
import binascii

import numpy as np

from core.errors import ConfigError

MOST_CHARACTERS = 2_800  # 512 numbers, the most that a generator takes


def to_code(point: np.ndarray) -> str:
    """The code of a point (latent_size float32)."""
    return base64.urlsafe_b64encode(point.astype("<f4").tobytes()).decode().rstrip("=")


def from_code(code: str, size: int) -> np.ndarray:
    """The point (size float32) in a code.

    Raises:
        ConfigError: when the code is damaged, or of a point of another size.
    """
    try:
        if len(code) > MOST_CHARACTERS:
            raise ValueError("too long")
        content = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        point = np.frombuffer(content, "<f4").astype(np.float32)
    except (ValueError, binascii.Error) as error:
        raise ConfigError(
            "The point in this link is damaged or cut short; ask for the link again."
        ) from error
    if not np.isfinite(point).all() or np.abs(point).max(initial=0) > 100:
        raise ConfigError("The point in this link is damaged or cut short; ask for the link again.")
    if len(point) != size:
        raise ConfigError(
            f"The point in this link has {len(point)} numbers, but this generator takes {size}; "
            "choose the generator that it was made with."
        )
    return point
