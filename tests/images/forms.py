"""Draw numbers of several digits as people bring them: in forms, on lines, in squares, with a fading pen.

Each family of ``FAMILIES`` draws one picture from a row of digits; sizes, gaps, pens and papers are random.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from tests.images.cases import Picture, Rng, coloured, jpeg, light
from tests.images.pens import written

Digits = Sequence[np.ndarray]  # each 28×28 uint8
Papers = tuple[tuple[int, int, int], tuple[int, int, int]]

PAPERS: tuple[Papers, ...] = (
    ((255, 255, 255), (0, 0, 0)),
    ((246, 244, 238), (30, 32, 60)),
    ((232, 228, 215), (60, 60, 70)),
    ((250, 250, 250), (25, 50, 160)),
    ((210, 205, 190), (40, 40, 45)),
)


@dataclass(frozen=True)
class Family:
    """Pictures of one kind: how many digits each shows, and how they are drawn."""

    least: int
    most: int
    draw: Callable[[Digits, Rng], Picture]


@dataclass(frozen=True)
class Row:
    """A row of digits on a sheet: ink (H×W float32, 0 to 1), and each digit's box."""

    ink: np.ndarray
    boxes: list[tuple[int, int, int, int]]  # left, top, right, bottom
    height: int  # of a digit, in pixels
    pen: float  # width in pixels

    @property
    def left(self) -> int:
        return self.boxes[0][0]

    @property
    def right(self) -> int:
        return self.boxes[-1][2]

    @property
    def top(self) -> int:
        return min(box[1] for box in self.boxes)

    @property
    def bottom(self) -> int:
        return max(box[3] for box in self.boxes)


def row_of(
    digits: Digits, rng: Rng, *, height: int | None = None, step: float = 0.0, margin: float = 1.0
) -> Row:
    """Write digits side by side, ``step`` heights from middle to middle or else close to each other."""
    height = height or int(rng.integers(26, 90))
    pen = max(1.3, height * rng.uniform(0.05, 0.11))
    edge = round(margin * height)
    shapes = [written(digit, height * rng.uniform(0.9, 1.05), pen) for digit in digits]
    gap = height * rng.uniform(0.14, 0.4)
    x, boxes = float(edge), []
    for i, shape in enumerate(shapes):
        tall, wide = shape.shape
        left = round(edge + step * height * (i + 0.5) - wide / 2) if step else round(x)
        top = edge + height - tall + round(height * rng.uniform(-0.03, 0.03))
        boxes.append((left, top, left + wide, top + tall))
        x = left + wide + gap
    end = round(edge + step * height * len(digits)) if step else boxes[-1][2]
    ink = np.zeros((2 * edge + round(1.1 * height), end + edge), np.float32)
    for shape, (left, top, right, bottom) in zip(shapes, boxes, strict=True):
        ink[top:bottom, left:right] = np.maximum(ink[top:bottom, left:right], shape)
    return Row(ink, boxes, height, pen)


def moved(row: Row, shifts: Sequence[int]) -> Row:
    """Move each digit down by so many pixels."""
    ink, boxes = np.zeros_like(row.ink), []
    for (left, top, right, bottom), down in zip(row.boxes, shifts, strict=True):
        part = ink[top + down : bottom + down, left:right]
        np.maximum(part, row.ink[top:bottom, left:right], out=part)
        boxes.append((left, top + down, right, bottom + down))
    return Row(ink, boxes, row.height, row.pen)


def line(ink: np.ndarray, start: tuple[float, float], end: tuple[float, float], width: float) -> None:
    """Draw a straight smooth line (x, y in pixels) onto the ink."""
    drawn = np.zeros(ink.shape, np.uint8)
    ends = [tuple(round(16 * value) for value in point) for point in (start, end)]
    cv2.line(drawn, *ends, 255, max(1, round(width)), cv2.LINE_AA, 4)
    np.maximum(ink, drawn.astype(np.float32) / 255, out=ink)


def box(ink: np.ndarray, left: float, top: float, right: float, bottom: float, width: float) -> None:
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        line(ink, start, end, width)


def turned(ink: np.ndarray, degrees: float) -> np.ndarray:
    height, width = ink.shape
    grown = round(abs(math.sin(math.radians(degrees))) * max(height, width) / 2) + 2
    padded = np.pad(ink, grown)
    middle = ((padded.shape[1] - 1) / 2, (padded.shape[0] - 1) / 2)
    return cv2.warpAffine(padded, cv2.getRotationMatrix2D(middle, degrees, 1), padded.shape[::-1])


def finished(ink: np.ndarray, rng: Rng, soft: np.ndarray | None = None) -> Picture:
    """Return the ink on some paper: as drawn, scanned, or photographed under a lamp."""
    paper, pen = PAPERS[rng.integers(len(PAPERS))]
    way = rng.integers(3)
    sheet = coloured(ink, paper, pen).astype(np.float32)
    if way == 0:
        return sheet.astype(np.uint8)
    if way == 2:
        sheet *= light(*ink.shape, rng, rng.uniform(0.1, 0.45))[..., None]
    sheet = cv2.GaussianBlur(sheet, (0, 0), rng.uniform(0.3, 0.8))
    noisy = sheet + rng.normal(0, rng.uniform(0.5, 3), sheet.shape)
    return jpeg(noisy.clip(0, 255).astype(np.uint8), int(rng.integers(65, 95)))


def _line_width(row: Row, rng: Rng, most: float = 1.0) -> float:
    """Return a width of a printed line, from a hair to ``most`` widths of the pen."""
    return max(1.0, row.pen * rng.uniform(0.25, most))


def _overlap(row: Row, width: float, rng: Rng) -> float:
    """Return how far the end of a digit lies beyond the middle of a line that it touches or crosses.

    At least 0.4 of the pen's width is seen beside the line, or nobody could tell a 2 from a 7 there.
    """
    if rng.random() < 0.25:
        return width / 2 + row.pen * rng.uniform(0.6, 1.5)
    return row.pen * rng.uniform(-0.1, 0.6) - width / 2


def free_box(digits: Digits, rng: Rng) -> Picture:
    row = row_of(digits, rng, margin=rng.uniform(0.4, 0.8))
    gap = row.height * rng.uniform(0.12, 0.3)
    box(row.ink, row.left - gap, row.top - gap, row.right + gap, row.bottom + gap, _line_width(row, rng))
    return finished(turned(row.ink, rng.uniform(-1, 1)), rng)


def touched_box(digits: Digits, rng: Rng) -> Picture:
    """Draw a box around several digits, of which some touch or cross its upper or lower line."""
    row = row_of(digits, rng, margin=rng.uniform(0.5, 0.8))
    side = -1 if rng.random() < 0.4 else 1
    count = int(rng.integers(1, len(digits) + 1))
    touching = set(rng.permutation(len(digits))[:count].tolist())
    gap = row.height * rng.uniform(0.1, 0.2)
    row = moved(row, [side * round(gap) if i in touching else 0 for i in range(len(digits))])
    beside, opposite = row.height * rng.uniform(0.12, 0.5), row.height * rng.uniform(0.08, 0.25)
    width = _line_width(row, rng)
    over = _overlap(row, width, rng)
    if side > 0:
        top, bottom = row.top - opposite, row.bottom - over
    else:
        top, bottom = row.top + over, row.bottom + opposite
    box(row.ink, row.left - beside, top, row.right + beside, bottom, width)
    return finished(turned(row.ink, rng.uniform(-1.5, 1.5)), rng)


def narrow_box(digits: Digits, rng: Rng) -> Picture:
    """Draw a narrow thick box that two digits touch, close to the picture's edges or not."""
    row = row_of(digits, rng, margin=rng.uniform(0.35, 0.6))
    beside, width = row.height * rng.uniform(0.1, 0.3), row.pen * rng.uniform(0.7, 1.3)
    above, below = _overlap(row, width, rng), _overlap(row, width, rng)
    top = row.top + above if rng.random() < 0.3 else row.top - row.height * rng.uniform(0.1, 0.25)
    box(row.ink, row.left - beside, top, row.right + beside, row.bottom - below, width)
    return finished(turned(row.ink, rng.uniform(-1, 1)), rng)


def turned_cells(digits: Digits, rng: Rng) -> Picture:
    """Draw a row of cells, closed or open at the top, turned by up to 4 degrees."""
    share, margin = rng.uniform(1.05, 1.6), rng.uniform(0.4, 0.8)
    row = row_of(digits, rng, step=share, margin=margin)
    gap, width = row.height * rng.uniform(0.08, 0.25), _line_width(row, rng, 0.8)
    left, step = round(margin * row.height), share * row.height
    top, bottom, right = row.top - gap, row.bottom + gap, left + step * len(digits)
    is_open = rng.random() < 0.3
    start = bottom - row.height * rng.uniform(0.3, 0.9) if is_open else top
    for i in range(len(digits) + 1):
        line(row.ink, (left + step * i, start), (left + step * i, bottom), width)
    for y in (bottom,) if is_open else (top, bottom):
        line(row.ink, (left, y), (right, y), width)
    return finished(turned(row.ink, rng.uniform(-4, 4)), rng)


def fading(digits: Digits, rng: Rng) -> Picture:
    """Draw a pen that fades, to as little as 0.38 of its first contrast."""
    row = row_of(digits, rng)
    least = rng.uniform(0.38, 0.8)
    shares = np.linspace(1, least, len(digits)) if rng.random() < 0.5 else rng.choice([least, 1], len(digits))
    if rng.random() < 0.5:
        shares = shares[::-1]
    for (left, _, right, _), share in zip(row.boxes, shares, strict=True):
        row.ink[:, left:right] *= share
    return finished(row.ink, rng)


def soft_side(digits: Digits, rng: Rng) -> Picture:
    """Draw a row of which one side is out of focus, by up to 0.7 of the stroke's width, and may be paler."""
    row = row_of(digits, rng, height=int(rng.integers(50, 130)))
    soft = cv2.GaussianBlur(row.ink, (0, 0), row.pen * rng.uniform(0.3, 0.7)) * rng.uniform(0.65, 1)
    x = np.linspace(0, 1, row.ink.shape[1])
    share = 1 / (1 + np.exp(-(x - rng.uniform(0.3, 0.7)) * rng.uniform(6, 25)))
    share = share if rng.random() < 0.5 else share[::-1]
    return finished((row.ink * share + soft * (1 - share)).astype(np.float32), rng)


def underlined(digits: Digits, rng: Rng) -> Picture:
    """Draw a line under a number: touching it or not, thin or thick, once or twice, level or not."""
    row = row_of(digits, rng, margin=rng.uniform(0.8, 2.5))
    gap = row.height * rng.uniform(-0.04, 0.3)
    over = row.height * rng.uniform(-0.1, 0.7)
    width = row.pen * rng.uniform(0.4, 1.2)
    slope = math.tan(math.radians(rng.uniform(-2.5, 2.5)))
    rise = slope * ((row.right - row.left) / 2 + over)
    gap += abs(rise) + row.pen if gap > 0 else 0
    for below in (0.0, row.height * 0.2)[: 1 + (rng.random() < 0.3)]:
        y = row.bottom + gap + below
        line(row.ink, (row.left - over, y - rise), (row.right + over, y + rise), width)
    return finished(row.ink, rng)


def across_line(digits: Digits, rng: Rng) -> Picture:
    """Draw a number on a line through the whole picture, as thick as the pen or thinner."""
    row = row_of(digits, rng, margin=rng.uniform(0.3, 1.0))
    y = row.bottom + row.height * rng.uniform(-0.05, 0.15)
    rise = row.ink.shape[1] * math.tan(math.radians(rng.uniform(-1.5, 1.5))) / 2
    end, width = row.ink.shape[1] - 1, row.pen * rng.uniform(0.3, 1.1)
    line(row.ink, (0, y - rise), (end, y + rise), width)
    if rng.random() < 0.3:
        line(row.ink, (0, y - rise - 1.6 * row.height), (end, y + rise - 1.6 * row.height), width)
    return finished(row.ink, rng)


def dated(digits: Digits, rng: Rng) -> Picture:
    """Draw a number divided by slashes, as a date or a share, with or without a line below it."""
    row = row_of(digits, rng, margin=rng.uniform(0.5, 1.0))
    above, below = row.height * rng.uniform(0.06, 0.25, 2)
    wide, gap, thick = row.height * rng.uniform(0.3, 0.55), row.height * rng.uniform(0.12, 0.3), row.pen
    places = set((1 + rng.permutation(len(digits) - 1)[: int(rng.integers(1, 3))]).tolist())
    ink = np.zeros((row.ink.shape[0], row.ink.shape[1] + 4 * row.height), np.float32)
    moved_by = 0
    for i, (left, _, right, _) in enumerate(row.boxes):
        if i in places:
            start = row.boxes[i - 1][2] + moved_by + gap
            line(ink, (start, row.bottom + below), (start + wide, row.top - above), thick)
            moved_by = round(start + wide + gap) - left
        part = ink[:, left + moved_by : right + moved_by]
        np.maximum(part, row.ink[:, left:right], out=part)
    end = row.right + moved_by + round(0.5 * row.height)
    if rng.random() < 0.4:
        y, rise = row.bottom + below + row.height * rng.uniform(0.1, 0.3) + row.pen, row.height * 0.05
        line(ink, (row.left / 2, y + rise), (end, y - rise), row.pen * rng.uniform(0.5, 1.1))
    return finished(ink[:, : end + row.height // 2], rng)


def squares(digits: Digits, rng: Rng) -> Picture:
    """Draw a table whose lines differ in width, with shaded squares as a Sudoku's, and a few digits."""
    cell = int(rng.integers(38, 64))
    rows, columns = int(rng.integers(2, 7)), int(rng.integers(3, 10))
    edge = cell // 3
    ink = np.zeros((rows * cell + 2 * edge, columns * cell + 2 * edge), np.float32)
    if rng.random() < 0.5:
        for r in range(rows):
            for c in range(columns):
                if (r // 3 + c // 3) % 2:
                    ink[edge + r * cell : edge + (r + 1) * cell, edge + c * cell : edge + (c + 1) * cell] = (
                        0.13
                    )
    thin, thick = rng.uniform(1, 2), rng.uniform(1, 4.5)
    for i in range(columns + 1):
        x = edge + i * cell
        line(ink, (x, edge), (x, edge + rows * cell), thick if i % 3 == 0 else thin)
    for i in range(rows + 1):
        y = edge + i * cell
        line(ink, (edge, y), (edge + columns * cell, y), thick if i % 3 == 0 else thin)
    height = cell * rng.uniform(0.5, 0.72)
    places = sorted(rng.permutation(rows * columns)[: len(digits)].tolist())
    for digit, place in zip(digits, places, strict=False):
        shape = written(digit, height, max(1.5, height * rng.uniform(0.07, 0.11)))
        top = edge + place // columns * cell + (cell - shape.shape[0]) // 2
        left = edge + place % columns * cell + (cell - shape.shape[1]) // 2
        part = ink[top : top + shape.shape[0], left : left + shape.shape[1]]
        np.maximum(part, shape, out=part)
    return finished(turned(ink, rng.uniform(-1.5, 1.5)), rng)


def strip(digits: Digits, rng: Rng) -> Picture:
    """Draw a small strip of several digits, no wider than 40 pixels."""
    height = 34 / (0.9 * len(digits))
    shapes = [written(digit, 8 * height, 8 * height * rng.uniform(0.09, 0.13)) for digit in digits]
    gap = round(8 * height * 0.28)
    tall, wide = max(s.shape[0] for s in shapes), sum(s.shape[1] for s in shapes) + gap * (len(shapes) - 1)
    ink, x = np.zeros((tall, wide), np.float32), 0
    for shape in shapes:
        ink[tall - shape.shape[0] :, x : x + shape.shape[1]] = shape
        x += shape.shape[1] + gap
    small = cv2.resize(ink, None, fx=36 / wide, fy=36 / wide, interpolation=cv2.INTER_AREA)
    return coloured(np.pad(small, 2), *PAPERS[rng.integers(len(PAPERS))])


def sideways(digits: Digits, rng: Rng) -> Picture:
    """Draw a row on a page that lies on its side or upside down."""
    return np.ascontiguousarray(np.rot90(finished(row_of(digits, rng).ink, rng), int(rng.choice([1, 3]))))


FAMILIES: dict[str, Family] = {
    "free_box": Family(2, 6, free_box),
    "touched_box": Family(2, 6, touched_box),
    "narrow_box": Family(2, 2, narrow_box),
    "turned_cells": Family(3, 9, turned_cells),
    "fading": Family(3, 8, fading),
    "soft_side": Family(3, 8, soft_side),
    "underlined": Family(1, 6, underlined),
    "across_line": Family(2, 8, across_line),
    "dated": Family(3, 8, dated),
    "squares": Family(4, 6, squares),
    "strip": Family(3, 4, strip),
    "sideways": Family(4, 7, sideways),
}


def flagged_one(rng: Rng) -> Picture:
    """Draw a 1 with a flag and without a foot, as many people write it."""
    height = rng.uniform(70, 180)
    pen, slant = height * rng.uniform(0.05, 0.12), rng.uniform(-0.05, 0.2) * height
    reach, fall = rng.uniform(0.18, 0.36) * height, rng.uniform(0.18, 0.4) * height
    ink = np.zeros((round(1.8 * height), round(1.8 * height)), np.float32)
    top = (0.9 * height + slant / 2, 0.4 * height)
    bend = rng.uniform(-0.02, 0.05) * height
    middle = (top[0] - reach / 2 + bend, top[1] + fall / 2 + bend)
    line(ink, (top[0] - reach, top[1] + fall), middle, pen)
    line(ink, middle, top, pen)
    line(ink, top, (top[0] - slant, top[1] + height), pen)
    return finished(ink, rng)
