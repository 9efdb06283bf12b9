"""Render handwritten digits with Pillow: any number of images, the same for the same seed.

A digit is the path of a pen (``pen_paths``). Its points are jittered, bent by a smooth random field (elastic
distortion), and slanted, stretched and turned (affine distortion) before anything is drawn: moving 80 points
is cheaper than warping 784 pixels and keeps the edges sharp. The pen is a disc whose radius changes along
the path.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from core.datasets.synthetic.pen_paths import DIGIT_PATHS, Paths
from core.errors import DatasetError

SIDE = 28
BOX = 20  # MNIST fits every digit into 20×20 ...
CENTRE = 14.5  # ... and puts its centre of mass on pixel 14, whose middle this is
BEADS = 80  # discs along a path: never further apart than the thinnest pen is wide
SUPERSAMPLING = 6  # Pillow draws discs on whole pixels; an error of a sixth of one does not show
BLOCK = 256  # images whose random numbers are drawn together; changing it changes every image
_LABELS = 2**31  # the block whose random numbers shuffle the labels; no image belongs to it


class Glyphs(NamedTuple):
    """All paths, each as a linear map from its control points to evenly spaced beads, padded to C points."""

    first: np.ndarray  # (L,) index of each label's first glyph
    number: np.ndarray  # (L,) glyphs of each label
    controls: np.ndarray  # (G, C, 2) from 0 to 1
    basis: np.ndarray  # (G, BEADS, C)


class Style(NamedTuple):
    """The random numbers of a block of images: one row per image, independent of the labels."""

    glyph: np.ndarray  # (B,) from 0 to 1, which of the label's glyphs
    jitter: np.ndarray  # (B, C, 2) of the control points
    wave: np.ndarray  # (B, 3, 2, 2) frequency and phase of three waves along x and y
    bend: np.ndarray  # (B, 3, 2) amplitude of the waves
    affine: np.ndarray  # (B, 2, 2)
    radius: np.ndarray  # (B, BEADS) of the pen, in pixels
    gain: np.ndarray  # (B, 1, 1) above 1 the ink saturates; below 1 it is pale
    grain: np.ndarray  # (B, SIDE, SIDE) noise of the ink


def render(
    labels: np.ndarray,
    seed: int,
    progress: Callable[[float], None] | None = None,
    paths: Paths = DIGIT_PATHS,
) -> np.ndarray:
    """Return a handwritten digit for each label: white on black, 20×20 within 28×28, as in MNIST.

    Image i depends only on ``seed``, i and ``labels[i]``, not on the number of images.

    Args:
        labels: (N,) whole numbers: digits, or indices of ``paths``.
        seed: 0 or more.
        progress: called with the fraction done, from 0 to 1.
        paths: the pen's paths by label (``pen_paths``).

    Returns:
        (N, 28, 28) uint8.

    Raises:
        DatasetError: when a label is not an index of ``paths``.
    """
    labels = np.asarray(labels)
    if labels.size and (labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= len(paths)):
        raise DatasetError("datasets.no_path", high=len(paths) - 1)
    glyphs = _glyphs(paths)
    images = np.zeros((len(labels), SIDE, SIDE), np.uint8)
    for start in range(0, len(labels), BLOCK):
        stop = min(start + BLOCK, len(labels))
        images[start:stop] = _render_block(labels[start:stop], glyphs, seed, start // BLOCK)
        if progress:
            progress(stop / len(labels))
    return images


def balanced_labels(count: int, seed: int, classes: int = 10) -> np.ndarray:
    """Return ``count`` labels (uint8): all classes in random order, again and again."""
    rounds = np.tile(np.arange(classes, dtype=np.uint8), (-(-count // classes), 1))
    return np.random.default_rng((seed, _LABELS)).permuted(rounds, axis=1).ravel()[:count]


def _render_block(labels: np.ndarray, glyphs: Glyphs, seed: int, block: int) -> np.ndarray:
    style = Style(*(values[: len(labels)] for values in _draw_style(glyphs, seed, block)))
    points = _fit(_distort(_trace(labels, glyphs, style), style), style.radius)
    ink = np.stack([_ink(p, r) for p, r in zip(points, style.radius, strict=True)]).astype(np.float32)
    return np.clip(ink * style.gain * (1 - style.grain), 0, 255).astype(np.uint8)


def _draw_style(glyphs: Glyphs, seed: int, block: int) -> Style:
    """Draw the random numbers of a whole block, so that an image's do not depend on how many are wanted."""
    rng = np.random.default_rng((seed, block))
    along = np.linspace(0, 1, BEADS)
    stretch, slant, angle = rng.normal(0, (0.24, 0.28, 0.14), (BLOCK, 3)).T
    pen = np.exp(rng.normal(np.log(1.15), 0.32, (BLOCK, 1)))
    pressure = 1 + 0.18 * np.sin(rng.uniform(0, 6.3, (BLOCK, 1)) + rng.uniform(2, 9, (BLOCK, 1)) * along)
    return Style(
        glyph=rng.uniform(0, 1, BLOCK),
        jitter=rng.normal(0, 0.03, (BLOCK, glyphs.controls.shape[1], 2)),
        wave=rng.uniform(0, 1, (BLOCK, 3, 2, 2)),
        bend=rng.normal(0, 0.045, (BLOCK, 3, 2)),
        affine=_affine(stretch, slant + 0.12, angle),
        radius=np.clip(pen * pressure, 0.7, 2.8),
        gain=rng.uniform(0.85, 1.5, (BLOCK, 1, 1)),
        grain=rng.uniform(0, 0.12, (BLOCK, SIDE, SIDE)),
    )


def _affine(stretch: np.ndarray, slant: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Return matrices (B, 2, 2) that stretch the width, lean right and turn by ``angle`` (radians)."""
    cos, sin, width = np.cos(angle), np.sin(angle), 0.9 * np.exp(stretch)
    lean = np.stack([width, -slant, np.zeros_like(width), np.ones_like(width)], -1).reshape(-1, 2, 2)
    turn = np.stack([cos, -sin, sin, cos], -1).reshape(-1, 2, 2)
    return turn @ lean


def _trace(labels: np.ndarray, glyphs: Glyphs, style: Style) -> np.ndarray:
    """Return the beads of each label's glyph, its control points jittered: (N, BEADS, 2), about 0 to 1."""
    glyph = glyphs.first[labels] + (style.glyph * glyphs.number[labels]).astype(int)
    return glyphs.basis[glyph] @ (glyphs.controls[glyph] + style.jitter)


def _distort(points: np.ndarray, style: Style) -> np.ndarray:
    """Bend the points by three waves, then apply the affine map: (N, BEADS, 2)."""
    frequency, phase = style.wave[..., 0], style.wave[..., 1]  # at most one wave across the glyph
    cycles = np.einsum("npd,nkd->npkd", points[..., ::-1], frequency) + phase[:, None]  # bend x by y, y by x
    bent = points + np.einsum("npkd,nkd->npd", np.sin(2 * np.pi * cycles), style.bend)
    return np.einsum("npd,ned->npe", bent - 0.5, style.affine)


def _fit(points: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Scale the points to the 20×20 box, pen included, and centre them by mass: (N, BEADS, 2) in pixels."""
    extent = np.ptp(points, axis=1).max(axis=1)
    room = BOX - 2 * radius.max(axis=1)
    points = points * (room / extent)[:, None, None]
    centre = (points * radius[..., None]).sum(axis=1) / radius.sum(axis=1, keepdims=True)
    return points - centre[:, None] + CENTRE


def _ink(points: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Draw a disc at each bead on a large canvas, then average it down: (28, 28) uint8."""
    discs = np.concatenate([points - radius[:, None], points + radius[:, None]], axis=1) * SUPERSAMPLING - 0.5
    image = Image.new("L", (SIDE * SUPERSAMPLING,) * 2)
    draw = ImageDraw.Draw(image)
    for disc in np.rint(discs).tolist():
        draw.ellipse(disc, fill=255)
    return np.asarray(image.reduce(SUPERSAMPLING))


@lru_cache(maxsize=2)
def _glyphs(by_label: Paths) -> Glyphs:
    """Parse the paths of all labels; each label has one or more."""
    paths = [parse_path(path) for of_label in by_label for path in of_label]
    count = np.array([len(of_label) for of_label in by_label])
    longest = max(len(controls) for controls, _ in paths)
    controls = np.zeros((len(paths), longest, 2))
    basis = np.zeros((len(paths), BEADS, longest))
    for i, (points, pieces) in enumerate(paths):
        controls[i, : len(points)] = points
        basis[i, :, : len(points)] = bead_map(points, pieces)
    return Glyphs(np.cumsum(count) - count, count, controls, basis)


def parse_path(path: str) -> tuple[np.ndarray, list[range]]:
    """Return the points (C, 2) of a path, from 0 to 1, and the range of points of each smooth curve."""
    points: list[list[float]] = []
    pieces: list[range] = []
    for stroke in path.split("|"):
        begin = len(points)
        for word in stroke.split():
            points.append([float(value) / 100 for value in word.rstrip("^").split(",")])
            if word.endswith("^"):
                pieces.append(range(begin, len(points)))
                begin = len(points) - 1
        pieces.append(range(begin, len(points)))
    return np.array(points), pieces


def bead_map(points: np.ndarray, pieces: list[range]) -> np.ndarray:
    """Return the map (BEADS, C) from control points to beads at even distances along all curves of a path."""
    curves = [_catmull_rom(piece, len(points)) for piece in pieces]
    lengths = [np.r_[0, np.hypot(*np.diff(curve @ points, axis=0).T).cumsum()] for curve in curves]
    ends = np.cumsum([length[-1] for length in lengths])
    beads = []
    for distance in np.linspace(0, ends[-1], BEADS):
        k = min(int(np.searchsorted(ends, distance)), len(curves) - 1)
        travelled = distance - (ends[k] - lengths[k][-1])
        beads.append(curves[k][np.abs(lengths[k] - travelled).argmin()])
    return np.array(beads)


def _catmull_rom(piece: range, count: int, steps: int = 24) -> np.ndarray:
    """Return the map (steps × segments + 1, count) from control points to a curve through ``piece``."""
    index = np.array([piece[0], *piece, piece[-1]])
    rows = []
    for segment in range(len(piece) - 1):
        for t in np.arange(steps + (segment == len(piece) - 2)) / steps:
            weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2)
            row = np.zeros(count)
            np.add.at(row, index[segment : segment + 4], np.array(weights) / 2)
            rows.append(row)
    return np.array(rows)
