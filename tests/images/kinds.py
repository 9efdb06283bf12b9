"""Draw more kinds of pictures, each with its own difficulty; ``GROUPS`` sorts them by their origin."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from tests.images import cases
from tests.images.cases import Picture, Rng, coloured, jpeg, light
from tests.images.pens import written

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def _on_sheet(ink: np.ndarray, rng: Rng, height: float, width: float, margin: float = 0.03) -> np.ndarray:
    """Place the ink at random on a sheet of this size, or of its own size if that is larger."""
    edge = int(margin * height)
    height, width = (
        max(int(side), own + 2 * edge) for side, own in zip((height, width), ink.shape, strict=True)
    )
    top = int(rng.integers(edge, height - ink.shape[0] - edge + 1))
    left = int(rng.integers(edge, width - ink.shape[1] - edge + 1))
    return cases.on_canvas(ink, height, width, left, top)


def _photograph(sheet: np.ndarray, rng: Rng, blur: float, noise: float) -> Picture:
    """Return a sheet as a camera sees it: blotches, blur, noise, JPEG."""
    height, width = sheet.shape[:2]
    coarse = rng.normal(0, 1, (max(2, height // 10), max(2, width // 10))).astype(np.float32)
    sheet = sheet + cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    sheet = cv2.GaussianBlur(sheet.clip(0, 255).astype(np.float32), (0, 0), blur)
    return jpeg((sheet + rng.normal(0, noise, sheet.shape)).clip(0, 255).astype(np.uint8), 80)


def _photograph_of(ink: np.ndarray, rng: Rng, paper: tuple[float, ...], pen: tuple[float, ...]) -> Picture:
    sheet = coloured(ink, paper, pen) * light(*ink.shape, rng, rng.uniform(0.1, 0.6))[..., None]
    return _photograph(sheet, rng, rng.uniform(0.4, max(ink.shape) / 400 + 0.5), rng.uniform(0.5, 5))


def thin_pen(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw a large photograph of a few thin strokes."""
    ink = written(digit, rng.uniform(150, 500), rng.uniform(4, 9))
    return _photograph_of(_on_sheet(ink, rng, 900, 1200, 0.06), rng, (226, 220, 206), (90, 92, 110))


def hard_shadow(digit: np.ndarray, rng: Rng) -> Picture:
    side = rng.uniform(250, 600)
    ink = _on_sheet(written(digit, side * rng.uniform(0.35, 0.7), side * 0.03), rng, side, side)
    y, x = np.mgrid[-0.5 : 0.5 : ink.shape[0] * 1j, -0.5 : 0.5 : ink.shape[1] * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    edge = np.cos(angle) * x + np.sin(angle) * y - rng.uniform(-0.25, 0.25)
    dark = 1 - rng.uniform(0.3, 0.55) / (1 + np.exp(-edge * rng.uniform(60, 400)))
    return _photograph(coloured(ink, (236, 232, 220), (60, 60, 70)) * dark[..., None], rng, 0.8, 3)


def desk(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw a turned sheet with a darker table around it."""
    side = rng.uniform(400, 700)
    ink = _on_sheet(
        written(digit, side * rng.uniform(0.3, 0.5), side * 0.02), rng, 0.7 * side, 0.75 * side, 0.08
    )
    sheet = coloured(ink, (245, 240, 226), (50, 50, 60)).astype(np.float32)
    turn = cv2.getRotationMatrix2D((ink.shape[1] / 2, ink.shape[0] / 2), rng.uniform(-8, 8), 1.0)
    turn[:, 2] += 0.12 * side
    size = (int(side), int(side))
    on_it = cv2.warpAffine(np.ones(ink.shape, np.float32), turn, size)[..., None]
    table = np.array([1.0, 0.8, 0.6]) * rng.uniform(60, 150)
    picture = table * (1 - on_it) + cv2.warpAffine(sheet, turn, size) * on_it
    return _photograph(picture * light(*size, rng, 0.4)[..., None], rng, 1.0, 3)


def small_crop(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw a part of a photograph, down to the size of a stamp."""
    side = rng.uniform(28, 90)
    ink = _on_sheet(written(digit, side * rng.uniform(0.5, 0.8), side * 0.08), rng, side, side, 0.02)
    return _photograph_of(ink, rng, (214, 208, 190), (70, 72, 80))


def tight_crop(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw a digit that was cut out along its ink."""
    side = rng.uniform(50, 250)
    ink = np.pad(written(digit, side, side * rng.uniform(0.05, 0.12)), int(rng.integers(0, 3)))
    return _photograph(coloured(ink, (225, 225, 222), (50, 50, 55)), rng, 0.5, 2)


def cell(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw a cell cut out of a form: its lines run along some of the edges."""
    side = rng.uniform(50, 200)
    ink = _on_sheet(written(digit, side * rng.uniform(0.4, 0.65), side * 0.05), rng, side, side, 0.13)
    lines, thick = np.zeros_like(ink), max(1, int(0.02 * side))
    for turn in range(4):
        if rng.random() < 0.6:
            at = int(rng.integers(0, 1 + int(0.06 * side)))
            np.rot90(lines, turn)[at : at + thick] = 0.8
    return _photograph(coloured(np.maximum(ink, lines), (244, 244, 240), (40, 40, 60)), rng, 0.5, 2)


def touched_box(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw a printed box that the digit touches or crosses."""
    side = rng.uniform(80, 240)
    ink = _on_sheet(written(digit, side * rng.uniform(0.75, 0.95), side * 0.06), rng, side, side, 0.0)
    edge = int(0.15 * side)
    ink = np.pad(ink, edge)
    box = np.zeros_like(ink)
    cv2.rectangle(
        box, (edge, edge), (ink.shape[1] - edge, ink.shape[0] - edge), 0.7, max(1, int(0.015 * side))
    )
    return _photograph(coloured(np.maximum(ink, box), (245, 245, 245), (60, 60, 60)), rng, 0.6, 2)


def board(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw a coloured marker on a shining whiteboard."""
    side = rng.uniform(250, 600)
    ink = _on_sheet(written(digit, side * rng.uniform(0.35, 0.7), side * 0.035), rng, side, 1.2 * side)
    pens = ((40, 40, 44), (200, 40, 44), (40, 64, 190), (24, 128, 76))
    picture = _photograph_of(ink, rng, (232, 236, 240), pens[rng.integers(4)]).astype(np.float32)
    y, x = np.mgrid[0 : 1 : ink.shape[0] * 1j, 0 : 1 : ink.shape[1] * 1j]
    shine = np.exp(-((x - rng.random()) ** 2 + (y - rng.random()) ** 2) / 0.02)
    return (picture + 90 * shine[..., None]).clip(0, 255).astype(np.uint8)


def paint(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw as in a paint program: any canvas, any pen from one pixel to a brush, smooth or not."""
    side = int(rng.choice([48, 64, 100, 200, 280, 400]))
    width = rng.choice([1.0, rng.uniform(0.02, 0.07) * side, rng.uniform(0.08, 0.15) * side])
    ink = written(digit, side * rng.uniform(0.4, 0.75), max(1.0, width), smooth=rng.random() < 0.5)
    colours = (
        (WHITE, BLACK),
        (BLACK, WHITE),
        (WHITE, (237, 28, 36)),
        ((63, 72, 204), WHITE),
        ((195,) * 3, BLACK),
    )
    return coloured(_on_sheet(ink, rng, side, side, 0.0), *colours[rng.integers(len(colours))])


def dots(digit: np.ndarray, rng: Rng) -> Picture:
    """Draw a photograph saved with one bit per pixel."""
    return np.asarray(Image.fromarray(small_crop(digit, rng)).resize((160, 160)).convert("1").convert("RGB"))


def enlarged(digit: np.ndarray, rng: Rng) -> Picture:
    """Enlarge MNIST's own pixels, in either polarity."""
    ways = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)
    scale = float(rng.choice([0.6, 2, 5, 12]))
    grey = cv2.resize(digit, None, fx=scale, fy=scale, interpolation=ways[rng.integers(3)])
    return np.stack([grey if rng.random() < 0.5 else 255 - grey] * 3, axis=-1)


Kind = Callable[[np.ndarray, Rng], Picture]

GROUPS: dict[str, dict[str, Kind]] = {
    "drawings": {
        name: kind
        for name, kind in {**cases.KINDS, "paint": paint, "enlarged": enlarged, "dots": dots}.items()
        if name in ("small", "drawing", "transparent", "paint", "enlarged", "dots")
    },
    "photos": {
        "photo": cases.photo,
        "squared": cases.squared,
        "lined": cases.lined,
        "chalk": cases.chalk,
        "thin_pen": thin_pen,
        "hard_shadow": hard_shadow,
        "desk": desk,
        "small_crop": small_crop,
        "board": board,
    },
    "scans": {
        "pencil": cases.pencil,
        "boxed": cases.boxed,
        "tight_crop": tight_crop,
        "cell": cell,
        "touched_box": touched_box,
    },
}
