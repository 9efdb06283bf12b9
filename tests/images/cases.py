"""Draw pictures as visitors bring them from 28×28 digits: paper, pens, light and cameras."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

Rng = np.random.Generator
Picture = np.ndarray  # H×W×3 or H×W×4 uint8


def ink_of(digit: np.ndarray, side: int, boldness: float = 0.0) -> np.ndarray:
    """Return a digit (28×28 uint8) as crisp strokes, side×side float32 from 0 to 1.

    A boldness above 0 makes the strokes bolder, below 0 finer.
    """
    large = cv2.resize(digit.astype(np.float32) / 255, (side, side), interpolation=cv2.INTER_CUBIC)
    large = cv2.GaussianBlur(large, (0, 0), side / 56)
    edge = 28 / side * 4
    return 1 / (1 + np.exp(-(large - 0.45 + 0.2 * boldness) / max(0.02, 0.1 * edge)))


def on_canvas(ink: np.ndarray, height: int, width: int, left: int, top: int) -> np.ndarray:
    canvas = np.zeros((height, width), np.float32)
    canvas[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return canvas


def coloured(ink: np.ndarray, paper: tuple[int, ...], pen: tuple[int, ...]) -> Picture:
    mixed = np.asarray(paper) * (1 - ink[..., None]) + np.asarray(pen) * ink[..., None]
    return np.clip(np.round(mixed), 0, 255).astype(np.uint8)


def small(digit: np.ndarray, rng: Rng) -> Picture:
    """Return MNIST's own pixels in either polarity."""
    grey = digit if rng.random() < 0.5 else 255 - digit
    return np.stack([grey] * 3, axis=-1)


def _placed(
    digit: np.ndarray, rng: Rng, side: int, share: tuple[float, float], boldness: float
) -> np.ndarray:
    size = int(side * rng.uniform(*share))
    ink = ink_of(digit, size, boldness)
    height, width = side, max(size, int(side * rng.uniform(0.8, 1.3)))
    left, top = int(rng.integers(0, width - size + 1)), int(rng.integers(0, height - size + 1))
    return on_canvas(ink, height, width, left, top)


def drawing(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw as in a paint program: flat colours, thin or bold, anywhere on the canvas."""
    ink = _placed(digit, rng, int(rng.integers(100, 500)), (0.5, 1.0), rng.uniform(-0.8, 1.0))
    pens = [
        ((255, 255, 255), (0, 0, 0)),
        ((0, 0, 0), (255, 255, 255)),
        ((255, 255, 240), (30, 60, 200)),
        ((20, 60, 160), (255, 255, 255)),
        ((255, 255, 255), (220, 30, 30)),
        ((40, 40, 40), (250, 220, 60)),
    ]
    paper, pen = pens[rng.integers(len(pens))]
    return coloured(ink, paper, pen)


def transparent(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw ink on a transparent background."""
    ink = _placed(digit, rng, 200, (0.6, 1.0), 0.0)
    pen = 0 if rng.random() < 0.5 else 255
    return np.dstack([np.full((*ink.shape, 3), pen, np.uint8), np.round(255 * ink).astype(np.uint8)])


def light(height: int, width: int, rng: Rng, depth: float) -> np.ndarray:
    """Return uneven light, as factors around 0.5 to 1: a slope and the soft edge of a shadow."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    slope = 1 - depth * (0.5 + 0.5 * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)) * 1.4)
    where = rng.uniform(-0.3, 1.3)
    edge = (np.cos(angle + 1) * (x - 0.5) + np.sin(angle + 1) * (y - 0.5)) + 0.5 - where
    shadow = 1 - 0.6 * depth / (1 + np.exp(-edge * rng.uniform(8, 30)))
    return (slope * shadow).astype(np.float32)


def photo(digit: np.ndarray, rng: Rng, pen: tuple[float, float] = (0.15, 0.5), rulings: str = "") -> Picture:
    """Draw paper under a lamp: shadow, tint, grain, blur, JPEG.

    ``pen`` is the range of the ink's brightness as a share of the paper's.
    """
    side = int(rng.integers(150, 900))
    ink = _placed(digit, rng, side, (0.3, 0.85), rng.uniform(-0.5, 0.6))
    ink = np.pad(ink, side // 20)
    height, width = ink.shape
    paper = np.array([255, rng.uniform(235, 255), rng.uniform(200, 250)]) * rng.uniform(0.55, 0.95)
    sheet = np.ones((height, width, 1)) * paper
    if rulings:
        sheet = ruled(sheet, rng, rulings)
    grain = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1.0)
    dark = rng.uniform(*pen)
    sheet = sheet * (1 - ink[..., None] * (1 - dark))
    sheet = sheet * light(height, width, rng, rng.uniform(0.1, 0.7))[..., None]
    sheet = np.clip(sheet + grain[..., None] * rng.uniform(1, 8), 0, 255).astype(np.float32)
    sheet = cv2.GaussianBlur(sheet, (0, 0), rng.uniform(0.3, side / 250 + 0.4))
    sheet = np.clip(sheet + rng.normal(0, rng.uniform(0.5, 6), sheet.shape), 0, 255).astype(np.uint8)
    return jpeg(sheet, int(rng.integers(40, 95)))


def pencil(digit: np.ndarray, rng: Rng) -> Picture:
    return photo(digit, rng, pen=(0.55, 0.8))


def squared(digit: np.ndarray, rng: Rng) -> Picture:
    return photo(digit, rng, rulings="squares")


def lined(digit: np.ndarray, rng: Rng) -> Picture:
    return photo(digit, rng, rulings="lines")


def ruled(sheet: np.ndarray, rng: Rng, kind: str) -> np.ndarray:
    height, width = sheet.shape[:2]
    step = int(height * rng.uniform(0.12, 0.3))
    thick = max(1, height // 250)
    tint = np.array([0.75, 0.82, 0.95]) * rng.uniform(0.75, 1.0)
    sheet = sheet.copy()
    for y in range(int(rng.integers(step)), height, step):
        sheet[y : y + thick] *= tint
    if kind == "squares":
        for x in range(int(rng.integers(step)), width, step):
            sheet[:, x : x + thick] *= tint
    return sheet


def boxed(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw a scanned form: the digit in a printed frame."""
    side = int(rng.integers(60, 300))
    ink = ink_of(digit, side, rng.uniform(-0.4, 0.4))
    margin = max(4, int(side * rng.uniform(0.05, 0.2)))
    ink = np.pad(ink, margin)
    thick = max(1, int(side * rng.uniform(0.01, 0.04)))
    inset = int(rng.integers(0, max(1, margin // 2)))
    frame = np.zeros_like(ink)
    cv2.rectangle(frame, (inset, inset), (ink.shape[1] - 1 - inset, ink.shape[0] - 1 - inset), 1.0, thick)
    picture = coloured(np.maximum(ink, frame), (245, 245, 240), (40, 40, 50))
    noisy = picture + rng.normal(0, rng.uniform(0.5, 5), picture.shape)
    return jpeg(np.clip(noisy, 0, 255).astype(np.uint8), 80)


def chalk(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw light chalk on a dark board."""
    side = int(rng.integers(150, 500))
    ink = _placed(digit, rng, side, (0.4, 0.85), 0.0) * rng.uniform(0.5, 0.9)
    board = np.ones((*ink.shape, 1)) * np.array([40, 70, 50]) * light(*ink.shape, rng, 0.4)[..., None]
    picture = board * (1 - ink[..., None]) + 235 * ink[..., None]
    return jpeg(np.clip(picture + rng.normal(0, 5, picture.shape), 0, 255).astype(np.uint8), 75)


def jpeg(picture: np.ndarray, quality: int) -> Picture:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def png_bytes(picture: Picture) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


KINDS: dict[str, Callable[[np.ndarray, Rng], Picture]] = {
    "small": small,
    "drawing": drawing,
    "transparent": transparent,
    "photo": photo,
    "pencil": pencil,
    "lined": lined,
    "squared": squared,
    "boxed": boxed,
    "chalk": chalk,
}


def page(digits: np.ndarray, columns: int, rng: Rng, side: int = 80) -> tuple[Picture, list[tuple[int, int]]]:
    """Draw a page of digits in rows under uneven light; return also their centres (x, y) in reading order."""
    rows = -(-len(digits) // columns)
    cell = int(side * 1.35)
    ink = np.zeros((rows * cell + cell, columns * cell + cell), np.float32)
    centres = []
    for i, digit in enumerate(digits):
        top = cell // 2 + i // columns * cell + int(rng.integers(0, cell // 12))
        left = cell // 2 + i % columns * cell + int(rng.integers(0, cell // 8))
        ink[top : top + side, left : left + side] = ink_of(digit, side)
        centres.append((left + side // 2, top + side // 2))
    sheet = coloured(0.8 * ink, (240, 235, 220), (20, 20, 60)) * light(*ink.shape, rng, 0.5)[..., None]
    return jpeg(np.clip(sheet + rng.normal(0, 3, sheet.shape), 0, 255).astype(np.uint8), 85), centres
