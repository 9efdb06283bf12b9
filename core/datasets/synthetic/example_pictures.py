"""Draw example pictures of the kinds that visitors bring, the same ones at every call.

The digits come from *Rendered digits*; paper, pens, light and cameras are a few lines each.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from core.datasets.synthetic.handwriting import render
from core.datasets.synthetic.pen_paths import LETTER_PATHS
from core.language import N_

SIDE = 120  # pixels of a digit's square
LINE_WIDTH = 3  # of rulings and boxes


@dataclass(frozen=True)
class Example:
    """An example picture; its title is shown by ``gettext(title)``."""

    name: str  # of its file
    title: str
    draw: Callable[[], np.ndarray]  # H×W×3 or, with transparency, H×W×4 uint8

    def content(self) -> bytes:
        """Return the picture as a file: a JPEG as from a camera, or a PNG where it is transparent."""
        file, picture = io.BytesIO(), Image.fromarray(self.draw())
        picture.save(file, "PNG" if picture.mode == "RGBA" else "JPEG", quality=85)
        return file.getvalue()


def _year() -> np.ndarray:
    return _on_paper(_row("2026", seed=48), (255, 255, 255), (30, 27, 46))


def _shadow() -> np.ndarray:
    ink = np.pad(_row("4", seed=67), 120)
    return _photographed(_on_paper(ink, (228, 214, 186), (40, 44, 92)), seed=1)


def _pencil() -> np.ndarray:
    ink = np.pad(_row("38", seed=44), 60)
    sheet = np.full((*ink.shape, 3), (236, 236, 228), np.float32)
    for at in range(20, max(ink.shape), 60):
        sheet[at : at + LINE_WIDTH] = sheet[:, at : at + LINE_WIDTH] = (196, 212, 226)
    return _photographed(_written(sheet, 0.55 * ink, (90, 90, 92)), seed=2)


def _boxes() -> np.ndarray:
    ink = np.pad(_row("90210", seed=5), 30)
    sheet = np.full((*ink.shape, 3), 246, np.uint8)
    for left in range(30, ink.shape[1] - 30, SIDE):
        cv2.rectangle(sheet, (left, 20), (left + SIDE, ink.shape[0] - 20), (70, 76, 90), LINE_WIDTH)
    return _written(sheet, ink, (24, 40, 130))


def _chalk() -> np.ndarray:
    ink = np.pad(_row("57", seed=52), 60)
    dust = cv2.resize(_rng(3).random((ink.shape[0] // 2, ink.shape[1] // 2), np.float32), ink.shape[::-1])
    return _photographed(_on_paper(ink * (0.45 + 0.5 * dust), (44, 74, 58), (238, 238, 230)), seed=3)


def _page() -> np.ndarray:
    lines = [_row(text, seed=30 + i) for i, text in enumerate(("314159", "271828", "161803", "141421"))]
    ink = np.pad(np.concatenate(lines), 50)
    return _photographed(_on_paper(ink, (240, 236, 224), (26, 26, 60)), seed=4)


def _clear() -> np.ndarray:
    ink = np.pad(_row("6", seed=28), 30)
    white = np.full((*ink.shape, 3), 255, np.uint8)
    return np.dstack([white, np.round(255 * ink).astype(np.uint8)])


def _letter() -> np.ndarray:
    letter = render(np.array([8]), 7, paths=LETTER_PATHS)[0]
    return _photographed(_on_paper(np.pad(_ink(letter), 60), (232, 230, 222), (30, 30, 36)), seed=5)


EXAMPLES = (
    Example("year.jpg", N_("A year"), _year),
    Example("shadow.jpg", N_("Photo in shadow"), _shadow),
    Example("pencil.jpg", N_("Squared paper"), _pencil),
    Example("form.jpg", N_("Boxes of a form"), _boxes),
    Example("chalk.jpg", N_("Chalk"), _chalk),
    Example("page.jpg", N_("A page"), _page),
    Example("clear.png", N_("Transparent"), _clear),
    Example("letter.jpg", N_("No digit"), _letter),
)


def _row(text: str, seed: int) -> np.ndarray:
    """Return the ink of digits side by side: SIDE×(N·SIDE) float32, 0 to 1."""
    return np.concatenate([_ink(digit) for digit in render(np.array([int(c) for c in text]), seed)], axis=1)


def _ink(digit: np.ndarray) -> np.ndarray:
    """Enlarge a glyph (28×28 uint8) to a crisp stroke: SIDE×SIDE, 0 to 1."""
    large = cv2.resize(digit.astype(np.float32) / 255, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return 1 / (1 + np.exp(-(cv2.GaussianBlur(large, (0, 0), 2) - 0.45) / 0.07))


def _on_paper(ink: np.ndarray, paper: tuple[int, ...], pen: tuple[int, ...]) -> np.ndarray:
    return _written(np.full((*ink.shape, 3), paper, np.uint8), ink, pen)


def _written(sheet: np.ndarray, ink: np.ndarray, pen: tuple[int, ...]) -> np.ndarray:
    mixed = sheet * (1 - ink[..., None]) + np.asarray(pen) * ink[..., None]
    return np.round(mixed).clip(0, 255).astype(np.uint8)


def _photographed(picture: np.ndarray, seed: int) -> np.ndarray:
    """Add light from one side, the edge of a shadow, a little blur and the noise of a sensor."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j]
    angle = _rng(seed).uniform(0, 2 * np.pi)
    away = np.cos(angle) * x + np.sin(angle) * y  # from the lamp
    slope = 0.85 - 0.3 * away
    shadow = 1 - 0.35 / (1 + np.exp(-25 * (away - 0.15)))
    lit = cv2.GaussianBlur((picture * (slope * shadow)[..., None]).astype(np.float32), (0, 0), 0.8)
    return np.round(lit + _rng(seed).normal(0, 4, lit.shape)).clip(0, 255).astype(np.uint8)


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)
