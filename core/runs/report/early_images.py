"""Choose from the images that a GAN's training has kept a few, to ship them with its generator."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from core.bundles.early_images import EarlyImages
from core.contract.events import Samples
from core.runs.store.record import SHOWN_SIDE
from core.runs.store.run import Run

ROWS = 7  # steps of which images are kept
FIRST = 20  # the first of them, about: before, a generator draws noise
GAP = 2  # pixels between the images of a kept grid


def early_images(run: Run, shape: tuple[int, int, int]) -> EarlyImages | None:
    """Return an image of each class at some steps of a run, each step so many times the one before.

    The end is left out, where the finished generator draws. None for a run that has kept no images.

    Args:
        run: of a GAN.
        shape: of an image: height, width, channels.

    Raises:
        OSError: when a kept file is missing or damaged.
    """
    kept = {one.step: one for one in run.record.events()[0] if isinstance(one, Samples) and one.file}
    steps = spread(kept)
    if not steps:
        return None
    return EarlyImages(
        steps, np.stack([_first_row(run.folder / kept[s].file, kept[s].columns, shape) for s in steps])
    )


def spread(steps: Iterable[int]) -> tuple[int, ...]:
    """Return some of the steps, evenly spread over their logarithms; the last one is left out."""
    known = np.array(sorted(step for step in steps if step > 0))
    if len(known) < 2:
        return ()
    wanted = np.geomspace(min(FIRST, known[-1]), known[-1], ROWS + 1)[:-1]
    nearest = np.abs(np.log(known[:-1])[None] - np.log(wanted)[:, None]).argmin(axis=1)
    return tuple(int(known[i]) for i in sorted(set(nearest.tolist())))


def _first_row(file: Path, columns: int, shape: tuple[int, int, int]) -> np.ndarray:
    """Return the first row of a grid as a training keeps it (see ``record``), columns×H×W×C uint8."""
    height, width, channels = shape
    scale = max(1, SHOWN_SIDE // height)
    with Image.open(file) as picture:
        pixels = np.asarray(picture.convert("RGB" if channels == 3 else "L"))[::scale, ::scale]
    pixels = pixels.reshape(*pixels.shape[:2], channels)
    return np.stack([pixels[:height, i * (width + GAP) :][:, :width] for i in range(columns)])
