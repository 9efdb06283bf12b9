"""Corrupt stacks of small grey images in fifteen kinds at five strengths.

The kinds, and the strengths where they are stated there, are those of MNIST-C (Mu, Gilmer 2019, MNIST-C: A
robustness benchmark for computer vision); the code is this project's own. Differences:

- Every kind has five strengths; MNIST-C fixes one. For stripe, dotted line, zigzag and Canny edges, which
  have none in its code, strengths are the stripes' width, the number of lines, and the share of the edges.
- Fog is a sum of enlarged random grids in place of the diamond-square algorithm; the blur of motion is a
  one-sided Gaussian along a line in place of ImageMagick's; edges are OpenCV's Canny filter after a Gaussian
  blur.
- Noise, directions and places are drawn from a seed, for each image its own.

Images are uint8, N×28×28 or N×28×28×1, light ink on black.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from core.language import N_

STRENGTHS = (1, 2, 3, 4, 5)
Change = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]
"""Function of float32 images in [0, 1] (N×H×W), a strength from 0 to 4, and a source of random numbers."""


@dataclass(frozen=True)
class CorruptionKind:
    """One of the fifteen kinds."""

    name: str  # its id
    title: str  # shown by gettext
    change: Change


def corrupted_stack(kind: CorruptionKind, strength: int, images: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return uint8 images of the same shape under one kind at one of ``STRENGTHS``."""
    draws = np.random.default_rng([seed, KINDS.index(kind), strength])
    planes = images.reshape(images.shape[:3]).astype(np.float32) / 255
    changed = kind.change(planes, strength - 1, draws)
    return np.round(255 * np.clip(changed, 0, 1)).astype(np.uint8).reshape(images.shape)


def kind_named(name: str) -> CorruptionKind:
    """Return the kind with an id; KeyError where there is none."""
    return {kind.name: kind for kind in KINDS}[name]


def _shot_noise(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    photons = (60, 25, 12, 5, 3)[level]
    return draws.poisson(images * photons) / photons


def _impulse_noise(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    share = (0.03, 0.06, 0.09, 0.17, 0.27)[level]
    drawn = draws.random(images.shape, np.float32)
    return np.where(drawn < share / 2, 0.0, np.where(drawn > 1 - share / 2, 1.0, images))


def _glass_blur(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    """Blur, swap half of all pixels with neighbours, blur."""
    sigma, reach, rounds = ((0.7, 1, 2), (0.9, 2, 1), (1.0, 2, 3), (1.1, 3, 2), (1.5, 4, 2))[level]
    swapped = _blurred(images, sigma)
    each = np.arange(len(images))
    height, width = images.shape[1:]
    for _ in range(rounds):
        for y in range(height - reach - 1, reach - 1, -1):
            for x in range(width - reach - 1, reach - 1, -1):
                down, right = draws.integers(-reach, reach, (2, len(images))) * draws.integers(
                    0, 2, len(images)
                )
                other = swapped[each, y + down, x + right]
                swapped[each, y + down, x + right] = swapped[:, y, x]
                swapped[:, y, x] = other
    return _blurred(swapped, sigma)


def _motion_blur(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    radius, sigma = ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15))[level]
    angles = draws.uniform(-np.pi / 4, np.pi / 4, len(images))
    return _each(
        images,
        lambda image, i: cv2.filter2D(
            image, -1, _motion_kernel(radius, sigma, angles[i]), borderType=cv2.BORDER_CONSTANT
        ),
    )


def _motion_kernel(radius: int, sigma: float, angle: float) -> np.ndarray:
    """Return a kernel with one half of a Gaussian along a line from its centre."""
    steps = np.arange(radius + 1)
    kernel = np.zeros((2 * radius + 1,) * 2, np.float32)
    rows, columns = (np.round(radius + steps * part).astype(int) for part in (np.sin(angle), np.cos(angle)))
    np.add.at(kernel, (rows, columns), np.exp(-(steps**2) / (2 * sigma**2)))
    return kernel / kernel.sum()


def _shear(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    slants = (level + 1) * 0.2 * _signs(len(images), draws)
    return _mapped(images, [np.array([[1.0, slant], [0.0, 1.0]]) for slant in slants])


def _scale(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    return _mapped(images, [np.eye(2) * (0.9, 0.8, 0.7, 0.6, 0.5)[level]] * len(images))


def _rotate(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    angles = (level + 1) * 0.2 * _signs(len(images), draws)  # radians
    return _mapped(images, [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in angles])


def _brightness(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    return images + (level + 1) * 0.1


def _translate(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    shifts = (level + 1) * np.stack([_signs(len(images), draws), _signs(len(images), draws)], axis=1)
    return _mapped(images, [np.eye(2)] * len(images), shifts)


def _stripe(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    """Invert a stripe at the left and one at the right."""
    width = (3, 5, 7, 9, 11)[level]
    result = images.copy()
    result[..., :width] = 1 - result[..., :width]
    result[..., -width:] = 1 - result[..., -width:]
    return result


def _fog(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    """Add a cloud, then darken so that white stays white."""
    strength, decay = ((1.5, 2.0), (2.0, 2.0), (2.5, 1.7), (2.5, 1.5), (3.0, 1.4))[level]
    cloud = _clouds(images.shape, decay, draws)
    peak = images.max(axis=(1, 2), keepdims=True)
    return (images + strength * cloud) * peak / (peak + strength)


def _clouds(shape: tuple[int, ...], decay: float, draws: np.random.Generator) -> np.ndarray:
    """Return random fields from 0 to 1, whose parts half as wide are weaker by ``decay``."""
    count, height, width = shape
    field = np.zeros(shape, np.float32)
    for octave in range(1, 6):
        grids = draws.uniform(-1, 1, (count, 2**octave, 2**octave)).astype(np.float32) / decay**octave
        for i, grid in enumerate(grids):
            field[i] += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    low, high = field.min(axis=(1, 2), keepdims=True), field.max(axis=(1, 2), keepdims=True)
    return (field - low) / (high - low)


def _spatter(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    """Cover parts by grey mud."""
    mean, spread, wide, above, soft = (
        (0.65, 0.3, 4, 0.69, 0.6),
        (0.65, 0.3, 3, 0.68, 0.6),
        (0.65, 0.3, 2, 0.68, 0.5),
        (0.65, 0.3, 1, 0.65, 1.5),
        (0.67, 0.4, 1, 0.65, 1.5),
    )[level]
    liquid = _blurred(draws.normal(mean, spread, images.shape).astype(np.float32), wide)
    mud = _blurred((liquid > above).astype(np.float32), soft)
    mud[mud < 0.8] = 0
    return images * (1 - mud) + 63 / 255 * mud


def _dotted_line(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    return _with_lines(images, level + 1, draws, _dots)


def _zigzag(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    return _with_lines(images, level + 1, draws, _zigzag_line)


def _with_lines(
    images: np.ndarray,
    count: int,
    draws: np.random.Generator,
    line: Callable[[tuple[int, int], np.random.Generator], np.ndarray],
) -> np.ndarray:
    """Draw so many lines over each image."""
    drawn = [
        np.max([line((image.shape[0], image.shape[1]), draws) for _ in range(count)], axis=0)
        for image in images
    ]
    return np.maximum(images, np.stack(drawn)) if drawn else images


def _dots(shape: tuple[int, int], draws: np.random.Generator) -> np.ndarray:
    """Return a line from the left edge to the right one, of which every second pair of columns is drawn."""
    height, width = shape
    start, end = (int(row) for row in draws.integers(0, height - 1, 2))
    canvas = np.zeros(shape, np.uint8)
    cv2.line(canvas, (0, start), (width - 1, end), 255, 2, cv2.LINE_AA)
    canvas[:, np.arange(width) % 4 < 2] = 0
    return canvas.astype(np.float32) / 255


def _zigzag_line(shape: tuple[int, int], draws: np.random.Generator) -> np.ndarray:
    """Return a zigzag of width 2 around a nearly level line."""
    height, width = shape
    start = int(draws.integers(0, height - 1))
    end = start + int(draws.integers(-5, 5))
    columns = np.arange(2, width - 2, 2)
    level = np.linspace(start, end, len(columns))
    rows = np.round(level + np.resize([0, 2, 0, -2], len(columns))).astype(int)
    canvas = np.zeros(shape, np.uint8)
    points = np.stack([columns, rows], axis=1).astype(np.int32)
    cv2.polylines(canvas, [points], False, 255, 1, cv2.LINE_AA)
    return canvas.astype(np.float32) / 255


def _canny_edges(images: np.ndarray, level: int, draws: np.random.Generator) -> np.ndarray:
    share = (level + 1) * 0.2

    def edges(image: np.ndarray, _: int) -> np.ndarray:
        found = cv2.Canny(np.round(255 * image).astype(np.uint8), 25, 50)
        return (1 - share) * image + share * found.astype(np.float32) / 255

    return _each(_blurred(images, 1.0) * share + images * (1 - share), edges)


def _signs(count: int, draws: np.random.Generator) -> np.ndarray:
    return draws.choice([-1.0, 1.0], count)


def _mapped(images: np.ndarray, matrices: list[np.ndarray], shifts: np.ndarray | None = None) -> np.ndarray:
    """Return images under a linear map (2×2) about their centre and a shift in pixels, black outside."""
    height, width = images.shape[1:]
    centre = np.array([(width - 1) / 2, (height - 1) / 2])

    def warped(image: np.ndarray, i: int) -> np.ndarray:
        offset = centre - matrices[i] @ centre + (0.0 if shifts is None else shifts[i])
        return cv2.warpAffine(image, np.column_stack([matrices[i], offset]), (width, height))

    return _each(images, warped)


def _blurred(images: np.ndarray, sigma: float) -> np.ndarray:
    return _each(
        images, lambda image, _: cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    )


def _each(images: np.ndarray, change: Callable[[np.ndarray, int], np.ndarray]) -> np.ndarray:
    """Return images, each changed by a function of it and its index."""
    return np.stack([change(image, i) for i, image in enumerate(images)]) if len(images) else images.copy()


KINDS = (
    CorruptionKind("shot_noise", N_("Shot noise"), _shot_noise),
    CorruptionKind("impulse_noise", N_("Impulse noise"), _impulse_noise),
    CorruptionKind("glass_blur", N_("Glass blur"), _glass_blur),
    CorruptionKind("motion_blur", N_("Motion blur"), _motion_blur),
    CorruptionKind("shear", N_("Shear"), _shear),
    CorruptionKind("scale", N_("Scale"), _scale),
    CorruptionKind("rotate", N_("Rotate"), _rotate),
    CorruptionKind("brightness", N_("Brightness"), _brightness),
    CorruptionKind("translate", N_("Translate"), _translate),
    CorruptionKind("stripe", N_("Stripe"), _stripe),
    CorruptionKind("fog", N_("Fog"), _fog),
    CorruptionKind("spatter", N_("Spatter"), _spatter),
    CorruptionKind("dotted_line", N_("Dotted line"), _dotted_line),
    CorruptionKind("zigzag", N_("Zigzag"), _zigzag),
    CorruptionKind("canny_edges", N_("Canny edges"), _canny_edges),
)
