"""Pictures as a visitor would bring them: drawn with Pillow and by no code of the app, and a cat."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

SIZE = 600  # pixels, of one digit's square of paper

# Pen strokes in per cent of the digit's square.
STROKES: Mapping[int, tuple[str, ...]] = {
    2: ("30,32 36,22 50,17 64,22 69,34 62,48 46,64 30,80 72,80",),
    4: ("58,18 28,62 76,62", "58,18 60,84"),
    7: ("28,22 72,20 60,48 46,84",),
}


@cache
def photograph(*digits: int) -> bytes:
    """Return digits in dark ink on light paper, photographed with a shadow from one side and sensor noise."""
    sheet = Image.new("L", (SIZE * len(digits), SIZE), 214)
    pen = ImageDraw.Draw(sheet)
    for i, digit in enumerate(digits):
        for stroke in STROKES[digit]:
            points = [tuple(SIZE / 100 * float(n) for n in point.split(",")) for point in stroke.split()]
            line = [(x + i * SIZE, y) for x, y in points]
            pen.line(line, fill=52, width=34, joint="curve")
            for x, y in line:
                pen.ellipse((x - 17, y - 17, x + 17, y + 17), fill=52)
    light = np.linspace(1.0, 0.55, sheet.width)[None, :] * np.linspace(1.0, 0.85, sheet.height)[:, None]
    noise = np.random.default_rng(0).normal(0, 6, (sheet.height, sheet.width))
    grey = np.clip(np.asarray(sheet) * light + noise, 0, 255).astype(np.uint8)
    return encoded(Image.fromarray(grey))


def cat() -> bytes:
    """Return a photograph of a cat's face, which fills it (451×300 pixels, CC0, see ``cat.jpg.license``)."""
    return Path(__file__).with_name("cat.jpg").read_bytes()


def blank_paper() -> bytes:
    """Return a picture of blank paper."""
    return encoded(Image.new("RGB", (400, 300), "white"))


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return the picture as a file, with Pillow's options for its kind."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
