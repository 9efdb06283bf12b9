"""Moving pictures of the doors: what the pages behind them do, as HTML that all visitors share."""

from __future__ import annotations

import base64
from itertools import pairwise

import numpy as np

from core.class_sets.example_drawings import KINDS
from core.datasets.synthetic.handwriting import render
from core.errors import LabError
from core.figures.maps import coloured
from core.figures.theme import CLASSES
from core.images.encode import data_url
from core.inside.convolution import forward
from core.inside.sandbox import PRESETS, WindowSetting, convolution
from core.latent.interpolation import slerp
from pages.parts.shared import model_picker
from pages.parts.shared.process_cache import kept_in_process

FRAMES = 24  # of the generator's journey, half a second from one seed to the next
SEEDS = (3, 4, 5, 3)
DRAWING = 1  # number of the drawing of each class that is shown
EDGES = WindowSetting(3, padding=1)  # of the kernel that finds upright edges
_PEN = """path { fill: none; stroke-width: 4; stroke-linecap: round; stroke-linejoin: round;
  stroke-dasharray: 1; animation: draw 7s ease-in-out infinite; }
@keyframes draw { 0% { stroke-dashoffset: 1; } 45%, 100% { stroke-dashoffset: 0; } }
@media (prefers-reduced-motion: reduce) { path { animation: none; } }"""
LOSSES = (  # of the tutorial's CNN on 20,000 images of MNIST in batches of 64, means of 15 steps
    2.3, 2.25, 2.11, 1.53, 0.79, 0.59, 0.47, 0.4, 0.27, 0.25, 0.19, 0.21, 0.19, 0.15, 0.15, 0.14, 0.12, 0.14,
)  # fmt: skip


@kept_in_process()
def generated() -> str:
    """Return a journey between digits that the first generator draws; nothing without one."""
    try:
        generator = model_picker.generator(model_picker.choices("gan")[0])
    except (LabError, IndexError):
        return ""
    points = [generator.latent(1, seed)[0] for seed in SEEDS]
    steps = FRAMES // (len(SEEDS) - 1)
    latent = np.concatenate([slerp(a, b, np.arange(steps) / steps) for a, b in pairwise(points)], axis=0)
    labels = np.repeat(np.array(SEEDS[:-1]) % len(generator.card.classes), steps)
    shares = np.tile(np.arange(steps) / steps, len(SEEDS) - 1)
    others = np.repeat(np.array(SEEDS[1:]) % len(generator.card.classes), steps)
    frames = generator.between(labels, others, shares, latent)
    second = np.roll(frames, FRAMES // 2, axis=0)
    return _moving(_strip(frames), len(frames), 4) + _moving(_strip(second), len(frames), 4)


@kept_in_process()
def convolved() -> str:
    """Return a digit over which a kernel moves row by row, and the map that it leaves."""
    glyph = render(np.array([2]), 4)[0] / np.float32(255)
    step = convolution(np.array(PRESETS["vertical_edges"]), EDGES)
    result = coloured(forward(step, glyph[..., None])[..., 0])
    digit = np.repeat((255 * glyph).astype(np.uint8)[..., None], 3, axis=2)
    rows = range(0, len(glyph), 2)
    inputs = np.stack([_with_window(digit, row) for row in rows])
    outputs = np.stack([_down_to(result, row + 2) for row in rows])
    return _moving(_strip(inputs), len(rows), 4) + _moving(_strip(outputs), len(rows), 4)


@kept_in_process()
def noisy() -> str:
    """Return a digit that disappears in noise, and the same digit as it was."""
    glyph = render(np.array([3]), 4)
    noise = np.random.default_rng(4).normal(0, 160, (FRAMES, *glyph.shape[1:]))
    strength = np.linspace(0, 1, FRAMES)[:, None, None]
    frames = np.clip(glyph + strength * noise, 0, 255).astype(np.uint8)
    return _moving(_strip(glyph), 1, 4) + _moving(_strip(frames), FRAMES, 4)


@kept_in_process()
def drawings() -> str:
    """Return one drawing of each class of the example set, drawn stroke by stroke."""
    return "".join(
        _drawing(100, [_line(stroke) for stroke in strokes(rng)], CLASSES[k])
        for k, strokes in enumerate(KINDS.values())
        for rng in [np.random.default_rng((k, DRAWING))]
    )


@kept_in_process()
def loss_curve() -> str:
    """Return the loss of the tutorial's CNN while it learns, as a line that is drawn."""
    width = len(LOSSES) - 1
    points = [(190 * i / width + 5, 92 - 84 * loss / max(LOSSES)) for i, loss in enumerate(LOSSES)]
    return _drawing(200, [" ".join(f"{x:.1f},{y:.1f}" for x, y in points)], CLASSES[0])


def _drawing(width: int, lines: list[str], colour: str) -> str:
    """Return an element in which lines (points in a box that is 100 high) are drawn again and again."""
    paths = "".join(f'<path pathLength="1" d="M{line}"/>' for line in lines)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 100"><style>{_PEN}</style>'
        f'<g stroke="{colour}">{paths}</g></svg>'
    )
    content = base64.b64encode(svg.encode()).decode()
    return f'<i style="background-image:url(data:image/svg+xml;base64,{content})"></i>'


def _line(stroke: list[tuple[float, float]]) -> str:
    return " ".join(f"{100 * x:.0f},{100 * y:.0f}" for x, y in stroke)


def _moving(strip: np.ndarray, frames: int, seconds: float) -> str:
    """Return an element that shows one frame of a strip after another."""
    style = (
        f"background-image:url({data_url(strip)});background-size:{100 * frames}% 100%;"
        f"animation-duration:{seconds}s;animation-timing-function:steps({frames},jump-none)"
    )
    return f'<i class="strip" style="{style}"></i>'


def _strip(frames: np.ndarray) -> np.ndarray:
    """Return frames (N×H×W or N×H×W×C uint8) side by side."""
    return np.concatenate(list(frames), axis=1)


def _with_window(digit: np.ndarray, row: int) -> np.ndarray:
    """Return the picture (H×W×3) with the rows of the window marked."""
    marked = digit.copy()
    marked[row : row + 3] = np.maximum(marked[row : row + 3], np.uint8([79, 70, 229]))
    return marked


def _down_to(result: np.ndarray, row: int) -> np.ndarray:
    """Return the map as far as it is computed."""
    shown = result.copy()
    shown[row:] = 0
    return shown
