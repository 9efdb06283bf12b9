"""Draw an example class set: houses, suns and fish, as visitors draw them on the canvas."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from core.language import N_

SIDE = 280  # pixels, as the canvas
EACH = 8  # drawings of a class
SHARPER = 2  # times as large it is drawn, so that edges are smooth

Stroke = list[tuple[float, float]]  # points as shares of the side


def example_drawings() -> list[tuple[str, str, bytes]]:
    """Return each drawing's class, name and JPEG file; they are the same every time."""
    found = []
    for k, (name, strokes) in enumerate(KINDS.items()):
        for number in range(EACH):
            rng = np.random.default_rng((k, number))
            found.append((name, f"{number + 1}.jpg", _jpeg(strokes(rng), rng)))
    return found


def _house(rng: np.random.Generator) -> list[Stroke]:
    left, right, top = 0.22, 0.78, rng.uniform(0.42, 0.52)
    door = rng.uniform(0.32, 0.55)
    walls = [(left, top), (left, 0.85), (right, 0.85), (right, top), (left, top)]
    roof = [(left - 0.04, top), (rng.uniform(0.44, 0.56), rng.uniform(0.12, 0.22)), (right + 0.04, top)]
    return [walls, roof, [(door, 0.85), (door, 0.64), (door + 0.14, 0.64), (door + 0.14, 0.85)]]


def _sun(rng: np.random.Generator) -> list[Stroke]:
    radius, rays = rng.uniform(0.16, 0.21), int(rng.integers(7, 11))
    turned = rng.uniform(0, 1)
    angles = 2 * np.pi * (np.arange(rays) + turned) / rays
    far = rng.uniform(0.34, 0.4)
    return [_arc(0.5, 0.5, radius, radius, 0, 2 * np.pi)] + [
        [_around(angle, radius + 0.07), _around(angle, far)] for angle in angles
    ]


def _fish(rng: np.random.Generator) -> list[Stroke]:
    high, tail = rng.uniform(0.15, 0.21), rng.uniform(0.1, 0.16)
    body = _arc(0.44, 0.5, 0.28, high, 0, 2 * np.pi)
    fin = [(0.72, 0.5), (0.88, 0.5 - tail), (0.86, 0.5 + tail), (0.72, 0.5)]
    return [body, fin, _arc(0.28, 0.45, 0.02, 0.02, 0, 2 * np.pi)]


KINDS: dict[str, Callable[[np.random.Generator], list[Stroke]]] = {
    N_("house"): _house,
    N_("sun"): _sun,
    N_("fish"): _fish,
}


def _arc(x: float, y: float, wide: float, high: float, first: float, last: float) -> Stroke:
    angles = np.linspace(first, last, 40)
    return [(x + wide * float(np.cos(a)), y + high * float(np.sin(a))) for a in angles]


def _around(angle: float, radius: float) -> tuple[float, float]:
    return 0.5 + radius * float(np.cos(angle)), 0.5 + radius * float(np.sin(angle))


def _jpeg(strokes: list[Stroke], rng: np.random.Generator) -> bytes:
    """Return strokes as a drawing that is turned, scaled and moved a little, by an unsteady pen."""
    side = SIDE * SHARPER
    sheet = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(sheet)
    width = round(rng.uniform(0.025, 0.05) * side)
    angle, scale = rng.normal(0, 0.09), rng.uniform(0.82, 1.05)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = 0.5 + rng.uniform(-0.05, 0.05, 2)
    for stroke in strokes:
        points = (np.array(stroke) - 0.5) @ turn.T + moved + rng.normal(0, 0.006, (len(stroke), 2))
        drawn = [tuple(point) for point in (points * side).tolist()]
        pen.line(drawn, fill=0, width=width, joint="curve")
        for x, y in (drawn[0], drawn[-1]):
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=0)
    buffer = io.BytesIO()
    sheet.resize((SIDE, SIDE), Image.Resampling.BOX).convert("RGB").save(buffer, "JPEG", quality=92)
    return buffer.getvalue()
