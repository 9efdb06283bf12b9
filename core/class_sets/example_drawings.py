"""Draw an example class set: houses, suns and fish, as visitors draw them on the canvas."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from core.language import N_

SIDE = 280  # pixels, as the canvas
EACH = 10  # drawings of a class
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
    left, right, top = rng.uniform(0.15, 0.28), rng.uniform(0.72, 0.85), rng.uniform(0.38, 0.52)
    door = rng.uniform(0.32, 0.55)
    has_door = rng.random() < 0.6
    walls = [(left, top), (left, 0.85), (right, 0.85), (right, top), (left, top)]
    over = rng.choice([0.0, 0.05])
    roof = [(left - over, top), (rng.uniform(0.44, 0.56), rng.uniform(0.1, 0.22)), (right + over, top)]
    strokes = [walls, roof, [(door, 0.85), (door, 0.64), (door + 0.14, 0.64), (door + 0.14, 0.85)]]
    return strokes if has_door else strokes[:2]


def _sun(rng: np.random.Generator) -> list[Stroke]:
    radius, rays = rng.uniform(0.11, 0.22), int(rng.integers(5, 13))
    near = radius + rng.uniform(0.03, 0.1)
    far = near + rng.uniform(0.08, 0.2)
    angles = 2 * np.pi * (np.arange(rays) + rng.uniform(0, 1)) / rays
    return [_arc(0.5, 0.5, radius, radius * rng.uniform(0.85, 1.1))] + [
        [_around(angle, near), _around(angle, far)] for angle in angles
    ]


def _fish(rng: np.random.Generator) -> list[Stroke]:
    high, tail = rng.uniform(0.12, 0.22), rng.uniform(0.1, 0.2)
    eye = _arc(0.28, 0.45, 0.02, 0.02)
    fin = [(0.72, 0.5), (0.88, 0.5 - tail), (0.86, 0.5 + tail), (0.72, 0.5)]
    strokes = [_arc(0.44, 0.5, 0.28, high), fin]
    if rng.random() < 0.3:  # in one stroke
        up, down = (0.9, 0.5 - tail), (0.9, 0.5 + tail)
        strokes = [[up, (0.35, 0.5 + high), (0.14, 0.5), (0.35, 0.5 - high), down, up]]
    strokes += [eye] * int(rng.random() < 0.5)
    return strokes if rng.random() < 0.6 else [[(1 - x, y) for x, y in stroke] for stroke in strokes]


KINDS: dict[str, Callable[[np.random.Generator], list[Stroke]]] = {
    N_("house"): _house,
    N_("sun"): _sun,
    N_("fish"): _fish,
}


def _arc(x: float, y: float, wide: float, high: float) -> Stroke:
    angles = np.linspace(0, 2 * np.pi, 40)
    return [(x + wide * float(np.cos(a)), y + high * float(np.sin(a))) for a in angles]


def _around(angle: float, radius: float) -> tuple[float, float]:
    return 0.5 + radius * float(np.cos(angle)), 0.5 + radius * float(np.sin(angle))


def _jpeg(strokes: list[Stroke], rng: np.random.Generator) -> bytes:
    """Return strokes as a drawing that is turned, scaled and moved a little, by an unsteady pen."""
    side = SIDE * SHARPER
    sheet = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(sheet)
    width = round(rng.uniform(0.03, 0.085) * side)
    angle, scale = rng.normal(0, 0.12), rng.uniform(0.7, 1.1)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = 0.5 + rng.uniform(-0.08, 0.08, 2)
    for stroke in strokes:
        points = (np.array(stroke) - 0.5) @ turn.T + moved + rng.normal(0, 0.001, (len(stroke), 2))
        drawn = [tuple(point) for point in (points * side).tolist()]
        pen.line(drawn, fill=0, width=width, joint="curve")
        for x, y in (drawn[0], drawn[-1]):
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=0)
    buffer = io.BytesIO()
    sheet.resize((SIDE, SIDE), Image.Resampling.BOX).convert("RGB").save(buffer, "JPEG", quality=92)
    return buffer.getvalue()
