"""Pack small images into one file without loss, as a sheet in WebP, and read it again."""

from __future__ import annotations

import hashlib
import io
import math
from pathlib import Path

import numpy as np
from PIL import Image

SHEETS = ("x_train", "x_test")


def pack(arrays: dict[str, np.ndarray], path: Path) -> None:
    """Write arrays to an .npz file in which each array of images (N×H×W×3) is a lossless sheet."""
    stored = {name: _encoded(array) if name in SHEETS else array for name, array in arrays.items()}
    with open(path, "wb") as file:
        np.savez_compressed(file, **stored)


def unpack(path: Path, side: int) -> dict[str, np.ndarray]:
    """Return the arrays that ``pack`` wrote; images have ``side`` pixels of height and width."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    for name in SHEETS:
        count = len(arrays[name.replace("x_", "y_")])
        arrays[name] = _decoded(arrays[name], side, count)
    return arrays


def digest(arrays: dict[str, np.ndarray]) -> str:
    """Return the SHA-256 of a data set's arrays, in the order of their names."""
    found = hashlib.sha256()
    for name in sorted(arrays):
        found.update(np.ascontiguousarray(arrays[name]).tobytes())
    return found.hexdigest()


def _encoded(images: np.ndarray) -> np.ndarray:
    """Return a sheet of images as the bytes of a lossless WebP picture."""
    count, side = images.shape[:2]
    columns = math.ceil(math.sqrt(count))
    sheet = np.zeros((math.ceil(count / columns) * columns, *images.shape[1:]), np.uint8)
    sheet[:count] = images
    rows = sheet.reshape(-1, columns, side, side, 3).transpose(0, 2, 1, 3, 4)
    file = io.BytesIO()
    Image.fromarray(rows.reshape(-1, columns * side, 3)).save(
        file, "WEBP", lossless=True, quality=100, method=6
    )
    return np.frombuffer(file.getvalue(), np.uint8)


def _decoded(encoded: np.ndarray, side: int, count: int) -> np.ndarray:
    with Image.open(io.BytesIO(encoded.tobytes())) as picture:
        sheet = np.asarray(picture.convert("RGB"))
    columns = sheet.shape[1] // side
    images = sheet.reshape(-1, side, columns, side, 3).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(images.reshape(-1, side, side, 3)[:count])
