"""Write and read the images behind the cells of a confusion matrix, as a file of a run."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from core.contract.evaluation import ClassifiedImages
from core.runs.store import files

_MAX_BYTES = 100_000_000  # an edited file must not fill the memory


def write(folder: Path, split: str, step: int, classified: ClassifiedImages) -> Path:
    """Write the images of a split as classified at a step, and delete those of its earlier steps.

    Raises:
        OSError: when the disk is full or may not be written to.
    """
    folder.mkdir(exist_ok=True)
    path = folder / f"{split}-{step:08d}.npz"
    content = io.BytesIO()
    np.savez(content, **vars(classified))
    files.replace(path, content.getvalue())
    for old in folder.glob(f"{split}-*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
    return path


def read(path: Path) -> ClassifiedImages | None:
    """Return what ``write`` wrote; None if the file is missing, damaged, or holds something else."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None
        with np.load(path, allow_pickle=False) as arrays:
            classified = ClassifiedImages(
                **{name: arrays[name] for name in ("images", "labels", "predicted", "probability")}
            )
    except Exception:  # zipfile, zlib and NumPy have a dozen kinds for a damaged file
        return None
    return classified if _is_sound(classified) else None


def _is_sound(classified: ClassifiedImages) -> bool:
    count = len(classified.labels) if classified.labels.ndim == 1 else -1
    return (
        classified.images.dtype == classified.labels.dtype == classified.predicted.dtype == np.uint8
        and classified.probability.dtype == np.float32
        and classified.images.ndim == 4
        and classified.images.shape[3] in (1, 3)
        and len(classified.images) == count
        and classified.predicted.shape == classified.probability.shape == (count,)
    )
