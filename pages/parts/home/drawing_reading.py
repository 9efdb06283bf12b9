"""Read what a visitor draws on Home; loaded after the page, since it needs OpenCV."""

from __future__ import annotations

from collections.abc import Sequence

from core.inference.classifier import Classifier
from core.inference.picture_reading import Answer, answer, as_text
from pages.parts.shared import preparation
from pages.parts.shared.uploads import File

__all__ = ["answers", "as_text", "start"]

start = preparation.start


def answers(drawing: bytes, readers: Sequence[Classifier]) -> list[list[Answer]]:
    """Return each network's answers to the digits of a drawing (PNG)."""
    prepared = preparation.prepared(File.of("drawing.png", drawing))
    return [answer(prepared, reader) for reader in readers]
