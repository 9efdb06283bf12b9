"""Put the drawings of a training one after the other, as a film."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

MOST = 80  # frames; of longer records, some evenly chosen ones
MILLISECONDS, LAST = 120, 2000  # how long a frame is shown, and the last one
QUALITY = 80  # of WebP; without loss, the noise of the first frames would take megabytes


def training_film(pictures: Sequence[Path]) -> bytes:
    """Return PNG files of one size, which a training has kept, as an endless animation in WebP.

    Raises:
        OSError: when a file is missing or damaged.
    """
    last = len(pictures) - 1
    count = min(MOST, len(pictures))
    numbers = [round(i * last / max(1, count - 1)) for i in range(count)]
    frames = []
    for number in numbers:
        with Image.open(pictures[number]) as picture:
            frames.append(picture.convert("RGB"))
    durations = [MILLISECONDS] * (len(frames) - 1) + [LAST]
    file = io.BytesIO()
    frames[0].save(
        file, "WEBP", save_all=True, append_images=frames[1:], duration=durations, loop=0, quality=QUALITY
    )
    return file.getvalue()
