"""Read the arrays of a PyTorch ``.pth`` file without PyTorch, unpickling nothing but numbers.

A ``.pth`` file is a pickle, and a pickle can name any function of any module to be called. The unpickler
here knows the few names that describe an array and refuses every other. The file has the layout of PyTorch
up to 1.5: three pickled numbers and settings, the pickled description, the pickled keys of the storages, and
the storages, each a count in 8 bytes and its numbers.
"""

from __future__ import annotations

import io
import math
import pickle
import struct
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import BundleError

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


@dataclass(frozen=True)
class _Storage:
    """A run of numbers in the file, which several arrays may share."""

    key: str
    dtype: np.dtype
    count: int


@dataclass(frozen=True)
class _Array:
    """A part of a storage, with a shape."""

    storage: _Storage
    start: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]  # in numbers


def read_arrays(content: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of a state dictionary by name.

    Raises:
        BundleError: when the file is damaged or names anything but arrays.
    """
    try:
        return _read(io.BytesIO(content))
    except BundleError:
        raise
    except Exception as error:  # the pickle machine raises errors of many types on damaged files
        raise BundleError("lab.weights_damaged", reason=f"{type(error).__name__}: {error}") from error


def _read(file: io.BytesIO) -> dict[str, np.ndarray]:
    if _Unpickler(file).load() != MAGIC or _Unpickler(file).load() != PROTOCOL:
        raise ValueError("not the layout of PyTorch up to 1.5")
    _Unpickler(file).load()  # the byte order and sizes of the machine that wrote it
    described = _Unpickler(file)
    arrays, keys = described.load(), _Unpickler(file).load()
    if not (isinstance(arrays, dict) and isinstance(keys, list)):
        raise ValueError("no state dictionary")
    storages = {key: _numbers(file, described.storages[key]) for key in keys}
    return {str(name): _array(array, storages) for name, array in arrays.items()}


def _numbers(file: io.BytesIO, storage: _Storage) -> np.ndarray:
    (count,) = struct.unpack("<q", file.read(8))
    if count != storage.count:
        raise ValueError("a storage of another length")
    return np.frombuffer(file.read(count * storage.dtype.itemsize), storage.dtype)


def _array(array: Any, storages: dict[str, np.ndarray]) -> np.ndarray:
    if not isinstance(array, _Array):
        raise ValueError("not an array")
    numbers = storages[array.storage.key][array.start :]
    last = sum((size - 1) * stride for size, stride in zip(array.shape, array.strides, strict=True))
    if math.prod(array.shape) > len(numbers) or last >= len(numbers):
        raise ValueError("an array beyond its storage")  # before NumPy is told to read there
    strides = [stride * numbers.itemsize for stride in array.strides]
    return np.lib.stride_tricks.as_strided(numbers, array.shape, strides).copy()


def _rebuilt(storage: Any, start: Any, shape: Any, strides: Any, *_: Any) -> _Array:
    """Describe an array, in place of PyTorch's function of the same arguments."""
    sizes = [start, *shape, *strides]
    if not isinstance(storage, _Storage) or any(type(size) is not int or size < 0 for size in sizes):
        raise ValueError("not an array")
    return _Array(storage, start, tuple(shape), tuple(strides))


class _Unpickler(pickle.Unpickler):
    """An unpickler that makes descriptions of arrays, and ordered dictionaries of them."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Callable[..., Any] | str:
        """Return what stands for a name, if it is one that describes arrays.

        Raises:
            BundleError: for any other name.
        """
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuilt
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in DTYPES:
            return name
        raise BundleError("lab.weights_with_code", name=f"{module}.{name}")

    def persistent_load(self, identifier: Any) -> _Storage:
        """Return the storage that an array refers to."""
        _, kind, key, _, count, *_ = identifier
        self.storages[str(key)] = storage = _Storage(str(key), DTYPES[kind], int(count))
        return storage
