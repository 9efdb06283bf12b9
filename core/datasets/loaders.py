"""Load a data set: from a folder of yours, from the cache, or from the network, in this order."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core import settings
from core.datasets import keras_parser, registry
from core.datasets.registry import DatasetInfo
from core.datasets.sources import drawn
from core.datasets.synthetic import handwriting
from core.drafts import draft_file
from core.errors import DatasetError

if TYPE_CHECKING:
    from core.datasets.download import Download, Progress

Draw = Callable[[int, int, Callable[[float], None]], tuple[np.ndarray, np.ndarray]]

_ARRAYS = ("x_train", "y_train", "x_test", "y_test")
_TEST_SEED = 2**31  # one more than a configuration may ask for: test digits are never training digits
_AHEAD: dict[tuple[str, int, int], tuple[np.ndarray, np.ndarray]] = {}  # drawn ahead, by name, number, seed


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images (N, height, width, channels) and labels (N,), both uint8, split into training and test."""

    info: DatasetInfo
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def load(
    name: str,
    *,
    train_size: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    download: Download | None = None,
) -> Dataset:
    """The data set of that name, with ``train_size`` training images drawn by ``seed`` (None: all).

    Looks into the folder named by DEEP_IMAGE_LAB_DATA, then into the cache, then downloads (from where
    it is published, or from where ``download`` says). Never imports TensorFlow into this process.
    A smaller draw of the same seed is the beginning of a larger one. The test images are always the same.

    Raises:
        DatasetError: when the name is unknown, a file is damaged, the download fails,
            or more training images are asked for than there are.
    """
    info = registry.info(name)
    report = progress or (lambda text, fraction: None)
    if registry.is_made_here(name):
        return _made(info, info.train_size if train_size is None else train_size, seed, report)
    path = _find(info) or _download(info, download, report)
    return _draw(read_npz(path, info), train_size, seed)


def _made(info: DatasetInfo, train_size: int, seed: int, report: Progress) -> Dataset:
    """Images made here by ``seed``; the test images are the same for every seed, so that figures compare."""
    if train_size < 1:
        raise DatasetError(f"At least 1 training image must be drawn, not {train_size:,}.")
    total, draw = train_size + info.test_size, _drawer(info)

    def images(count: int, seed: int, done: int) -> tuple[np.ndarray, np.ndarray]:
        text = f"Drawing {total:,} images"
        if (ready := _AHEAD.get((info.name, count, seed))) is not None:
            return ready
        return draw(count, seed, lambda part: report(text, (done + part * count) / total))

    train = images(train_size, seed, 0)
    return Dataset(info, *train, *images(info.test_size, _TEST_SEED, train_size))


def _drawer(info: DatasetInfo) -> Draw:
    """What draws so many images by a seed, reporting the share done, and gives them with their labels."""
    if info.name.startswith(registry.DRAWN):
        return partial(drawn.draw, drawn.generator(info.name))

    def draw(count: int, seed: int, report: Callable[[float], None]) -> tuple[np.ndarray, np.ndarray]:
        labels = handwriting.balanced_labels(count, seed)
        return handwriting.render(labels, seed, report)[..., None], labels

    return draw


def at_hand(name: str) -> Path | None:
    """The file of a data set that need not be downloaded any more; None where there is none."""
    info = registry.info(name)
    return _find(info) if info.download_bytes else None


def draw_ahead(train_size: int, seed: int) -> Dataset:
    """The offline default, which a later ``load`` of this process finds drawn; for a worker that waits."""
    data = load(registry.OFFLINE_DEFAULT, train_size=train_size, seed=seed)
    _AHEAD[data.info.name, train_size, seed] = data.x_train, data.y_train
    _AHEAD[data.info.name, data.info.test_size, _TEST_SEED] = data.x_test, data.y_test
    return data


def read_npz(path: Path, info: DatasetInfo) -> Dataset:
    """The data set in an .npz file of Keras's layout: x_train, y_train, x_test, y_test.

    Raises:
        DatasetError: when the file is no .npz, or an array is missing or of another shape or type.
    """
    arrays = _arrays(path)
    for split in ("train", "test"):
        x, y = f"x_{split}", f"y_{split}"
        arrays[x] = _images(arrays[x], f"{path} is not {info.title}: it needs {x}", info)
        arrays[y] = _labels(arrays[y], f"{path} is not {info.title}: it needs {y}", info, len(arrays[x]))
    return Dataset(info, **arrays)


def _arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as file:  # a pickle could run code
            missing = [key for key in _ARRAYS if key not in file]
            if not missing:
                return {key: file[key] for key in _ARRAYS}
    except Exception as error:  # zipfile, zlib and NumPy have a dozen kinds for a damaged file
        raise DatasetError(f"{path} is not a readable .npz file; replace or delete it.") from error
    raise DatasetError(f"{path} holds no {missing[0]}; it needs {', '.join(_ARRAYS)}.")


def _images(array: np.ndarray, needs: str, info: DatasetInfo) -> np.ndarray:
    height, width, channels = info.shape
    shapes = [(height, width), (height, width, 1)] if channels == 1 else [info.shape]
    if array.dtype != np.uint8 or array.shape[1:] not in shapes or array.size == 0:
        needed = f"(N, {', '.join(map(str, shapes[0]))})"
        raise DatasetError(
            f"{needs} as uint8 of shape {needed}, but it has {array.dtype} of shape {array.shape}."
        )
    return array.reshape(len(array), *info.shape)


def _labels(array: np.ndarray, needs: str, info: DatasetInfo, count: int) -> np.ndarray:
    if array.dtype.kind not in "iu" or array.shape not in [(count,), (count, 1)]:
        raise DatasetError(
            f"{needs} as whole numbers of shape ({count},), but it has {array.dtype} of shape {array.shape}."
        )
    if array.min() < 0 or array.max() >= len(info.classes):
        raise DatasetError(
            f"{needs} from 0 to {len(info.classes) - 1}, but it has {array.min()} to {array.max()}."
        )
    return array.reshape(count).astype(np.uint8)


def _draw(dataset: Dataset, train_size: int | None, seed: int) -> Dataset:
    count = len(dataset.x_train)
    if train_size is None:
        return dataset
    if not 1 <= train_size <= count:
        raise DatasetError(
            f"{dataset.info.title} has {count:,} training images, so {train_size:,} cannot be drawn from it."
        )
    chosen = np.random.default_rng(seed).permutation(count)[:train_size]
    return Dataset(
        dataset.info, dataset.x_train[chosen], dataset.y_train[chosen], dataset.x_test, dataset.y_test
    )


def _find(info: DatasetInfo) -> Path | None:
    """The .npz file of the data set, in the visitor's folder or in the cache."""
    paths = [place / f"{info.name}.npz" for place in (settings.current().data, _cache()) if place]
    return next((path for path in paths if path.is_file()), None)


def _download(info: DatasetInfo, download: Download | None, report: Progress) -> Path:
    """Fetch into a folder that vanishes whatever happens; only the finished .npz enters the cache."""
    from core.datasets.download import DOWNLOADS, fetch  # noqa: PLC0415 (requests and pooch: 0.2 s)

    target = _cache() / f"{info.name}.npz"
    try:
        _cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_cache(), prefix=f"{info.name}-") as folder:
            fetch(info, download or DOWNLOADS[info.name], Path(folder), report)
            report(f"Unpacking {info.title}", None)
            with draft_file(target) as draft:
                keras_parser.to_npz(info, Path(folder), draft)
    except OSError as error:
        raise DatasetError(
            f"{_cache()} cannot be written ({error.strerror or error}); "
            "name another folder in DEEP_IMAGE_LAB_HOME."
        ) from error
    return target


def _cache() -> Path:
    return settings.current().home / "datasets"
