"""Define sets of points in the plane that a small generator imitates, and measure the quality of its samples.

A set is a mixture of Gaussians of one width around a few centres. Its points lie roughly between −1 and 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.contract.link_text import from_text, to_text
from core.errors import LabError
from core.language import N_, join

SIDE = 32  # cells along a side of a drawing
INKED = 0.2  # share of a cell that must be ink
HALF_WIDTH = 1.2  # the plane is shown from −HALF_WIDTH to HALF_WIDTH
SEGMENTS = 16  # parts of a line that count as modes
WITHIN = 3.0  # standard deviations within which a sample is of high quality


@dataclass(frozen=True, eq=False)
class PointSet:
    """A mixture of Gaussians of one width, with equal weights."""

    title: str  # in English; translate it where it is shown
    centres: np.ndarray  # M×2 float32
    modes: np.ndarray  # M int: the mode, or the segment of a line, that a centre belongs to
    deviation: float  # standard deviation around a centre, in both directions
    unit: str = "modes"  # an id of what is counted: modes, segments or squares

    @property
    def count(self) -> int:
        """Number of modes."""
        return int(self.modes.max()) + 1


@dataclass(frozen=True)
class Quality:
    """Quality of the samples that imitate a set."""

    good: float  # share of the samples that are of high quality, 0 to 1
    covered: int  # modes that at least one such sample belongs to
    modes: int


def sample(points: PointSet, count: int) -> np.ndarray:
    """Return ``count`` points of the set, N×2, always the same."""
    random = np.random.default_rng(0)
    chosen = random.integers(0, len(points.centres), count)
    return points.centres[chosen] + points.deviation * random.standard_normal((count, 2))


def quality(points: PointSet, samples: np.ndarray) -> Quality:
    """Return the modes covered and the share of high-quality samples (N×2).

    A sample is of high quality if it lies within three standard deviations of its nearest centre; a mode is
    covered if the nearest centre of such a sample belongs to it. Source: Srivastava et al. 2017 (VEEGAN),
    section 4.1, who draw 2,500 samples.
    """
    distances = np.linalg.norm(samples[:, None] - points.centres[None], axis=2)
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= WITHIN * points.deviation  # False for a distance of NaN
    covered = len(np.unique(points.modes[nearest[good]]))
    return Quality(float(good.mean()) if len(good) else 0.0, covered, points.count)


def from_drawing(cells: np.ndarray) -> PointSet:
    """Return the set of a drawing, SIDE×SIDE bool: each cell with ink is a centre, each 4×4 cells a mode.

    Raises:
        LabError: when there is no ink.
    """
    rows, columns = np.nonzero(cells)
    if not len(rows):
        raise LabError("gan_games.nothing_drawn")
    centres = np.stack([(columns + 0.5) / SIDE, 1 - (rows + 0.5) / SIDE], axis=1) * 1.8 - 0.9
    squares = rows // 4 * SIDE + columns // 4
    modes = np.unique(squares, return_inverse=True)[1]
    return PointSet(N_("Drawn by you"), centres.astype(np.float32), modes, 0.9 / SIDE, "squares")


def cells(ink: np.ndarray) -> np.ndarray:
    """Return the drawing (SIDE×SIDE bool) in a square picture, N×N numbers from 0 (paper) to 1 (ink)."""
    edges = np.linspace(0, len(ink), SIDE + 1).astype(int)[:-1]
    sums = np.add.reduceat(np.add.reduceat(ink, edges, axis=0), edges, axis=1)
    return sums * SIDE**2 / ink.size > INKED


def code_of_picture(grey: np.ndarray) -> str | None:
    """Return the drawing in a square picture (N×N, 0 black to 255 white) as text for a link, or None."""
    drawing = cells(1 - grey.astype(float) / 255)
    return to_code(drawing) if drawing.any() else None


def to_code(cells: np.ndarray) -> str:
    """Return a drawing as text for a link: its SIDE×SIDE cells, a bit each."""
    return to_text(np.packbits(cells).tobytes())


def from_code(code: str) -> np.ndarray:
    """Return the drawing in a link.

    Raises:
        LabError: when the text holds no drawing.
    """
    try:
        content = from_text(code, 1000)
    except ValueError as error:
        raise LabError("gan_games.damaged_drawing") from error
    if len(content) != SIDE * SIDE // 8:
        raise LabError("gan_games.damaged_drawing")
    return np.unpackbits(np.frombuffer(content, np.uint8)).reshape(SIDE, SIDE).astype(bool)


def _ring_of_gaussians() -> PointSet:
    angles = np.arange(8) * math.pi / 4
    centres = 0.8 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return PointSet(N_("Ring of 8 Gaussians"), centres.astype(np.float32), np.arange(8), 0.02)


def _grid_of_gaussians() -> PointSet:
    ticks = np.linspace(-0.8, 0.8, 5)
    centres = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    return PointSet(N_("Grid of 25 Gaussians"), centres.astype(np.float32), np.arange(25), 0.02)


def _ring() -> PointSet:
    angles = np.linspace(0, 2 * math.pi, 160, endpoint=False)
    centres = 0.7 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return PointSet(N_("Ring"), centres.astype(np.float32), _segments(160), 0.03, "segments")


def _two_lines() -> PointSet:
    along = np.linspace(-0.75, 0.75, 80)
    upper = np.stack([along, 0.25 + 0.35 * along], axis=1)
    lower = np.stack([along, -0.35 + 0.35 * along], axis=1)
    centres = np.concatenate([upper, lower])
    return PointSet(N_("Two lines"), centres.astype(np.float32), _segments(160), 0.03, "segments")


def _segments(centres: int) -> np.ndarray:
    return np.arange(centres) * SEGMENTS // centres


SETS = {
    "ring": _ring(),
    "lines": _two_lines(),
    "ring8": _ring_of_gaussians(),
    "grid25": _grid_of_gaussians(),
}


def get(name: str) -> PointSet:
    """Return the set of that name.

    Raises:
        LabError: when there is no such set.
    """
    if name not in SETS:
        raise LabError("gan_games.unknown_points", name=name[:40], known=join(SETS))
    return SETS[name]


def drawn(code: str) -> PointSet:
    """Return the set of the drawing in a link.

    Raises:
        LabError: when the code is damaged, or nothing is drawn.
    """
    return from_drawing(from_code(code))
