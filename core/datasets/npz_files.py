"""Find and read data sets in .npz files in the layout of Keras: x_train, y_train, x_test, y_test."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core import settings
from core.contract.dataset_info import DatasetInfo
from core.datasets.dataset import Dataset
from core.errors import DatasetError
from core.language import join

ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def kept_file(name: str) -> Path | None:
    """Return a data set's .npz file in DEEP_IMAGE_LAB_DATA or in the cache, None where there is none."""
    places = (settings.current().data, cache_folder())
    return next((file for place in places if place and (file := place / f"{name}.npz").is_file()), None)


def cache_folder() -> Path:
    """Return the folder that keeps what was downloaded."""
    return settings.current().home / "datasets"


def read_npz(path: Path, info: DatasetInfo, first_label: int = 0) -> Dataset:
    """Return the data set in a file whose labels count from ``first_label``.

    Raises:
        DatasetError: when the file is no .npz, or an array is missing or has another shape or type.
    """
    arrays = _arrays(path)
    for split in ("train", "test"):
        x, y = f"x_{split}", f"y_{split}"
        arrays[x] = _images(arrays[x], path, x, info)
        arrays[y] = _labels(arrays[y], path, y, info, len(arrays[x]), first_label)
    return Dataset(info, **arrays)


def _arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as file:  # a pickle could run code
            missing = [key for key in ARRAYS if key not in file]
            if not missing:
                return {key: file[key] for key in ARRAYS}
    except Exception as error:  # zipfile, zlib and NumPy raise a dozen kinds for a damaged file
        raise DatasetError("datasets.unreadable_npz", path=path) from error
    raise DatasetError("datasets.missing_array", path=path, name=missing[0], needed=join(ARRAYS))


def _images(array: np.ndarray, path: Path, name: str, info: DatasetInfo) -> np.ndarray:
    height, width, channels = info.shape
    shapes = [(height, width), (height, width, 1)] if channels == 1 else [info.shape]
    if array.dtype != np.uint8 or array.shape[1:] not in shapes or array.size == 0:
        needed = f"(N, {', '.join(map(str, shapes[0]))})"
        raise DatasetError(
            "datasets.image_array", path=path, title=info.title, name=name, needed=needed,
            type=array.dtype, shape=array.shape,
        )  # fmt: skip
    return array.reshape(len(array), *info.shape)


def _labels(
    array: np.ndarray, path: Path, name: str, info: DatasetInfo, count: int, first: int
) -> np.ndarray:
    if array.dtype.kind not in "iu" or array.shape not in [(count,), (count, 1)]:
        raise DatasetError(
            "datasets.label_array", path=path, title=info.title, name=name, needed=f"({count},)",
            type=array.dtype, shape=array.shape,
        )  # fmt: skip
    low, high = int(array.min()), int(array.max())
    most = first + len(info.classes) - 1
    if low < first or high > most:
        raise DatasetError(
            "datasets.label_range", path=path, title=info.title, name=name, first=first, most=most,
            low=low, high=high,
        )  # fmt: skip
    return (array.reshape(count) - first).astype(np.uint8)
