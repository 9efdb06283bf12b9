from __future__ import annotations

import io
import os
import pickle
import struct
import sys
from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from core.errors import BundleError
from core.lab.publishing.torch_weights import MAGIC, PROTOCOL, read_arrays


class FloatStorage:
    """Stands for PyTorch's class of the name."""


def _rebuild_tensor_v2(*arguments: Any) -> None:
    """Stands for PyTorch's function of the name."""


class _Tensor:
    def __init__(self, key: str, start: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.arguments = (_Stored(key), start, shape, strides, False, OrderedDict())

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_tensor_v2, self.arguments


class _Stored:
    def __init__(self, key: str) -> None:
        self.key = key


class _Pickler(pickle.Pickler):
    counts: dict[str, int]

    def persistent_id(self, item: Any) -> Any:
        if not isinstance(item, _Stored):
            return None
        return ("storage", FloatStorage, item.key, "cpu", self.counts[item.key], None)


@pytest.fixture(autouse=True)
def torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pickles below name what PyTorch's name."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")
    torch.FloatStorage = FloatStorage  # type: ignore[attr-defined]
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)
    monkeypatch.setattr(FloatStorage, "__module__", "torch")
    monkeypatch.setattr(_rebuild_tensor_v2, "__module__", "torch._utils")


def file_of(description: Any, storages: dict[str, np.ndarray]) -> bytes:
    """Return a file in the layout of PyTorch up to 1.5."""
    file = io.BytesIO()
    for head in (MAGIC, PROTOCOL, {"little_endian": True}):
        pickle.dump(head, file, 2)
    pickler = _Pickler(file, 2)
    pickler.counts = {key: len(numbers) for key, numbers in storages.items()}
    pickler.dump(description)
    pickle.dump(list(storages), file, 2)
    for numbers in storages.values():
        file.write(struct.pack("<q", len(numbers)) + numbers.astype("<f4").tobytes())
    return file.getvalue()


NUMBERS = np.arange(12, dtype=np.float32)


def test_arrays_are_read_with_their_shapes_and_strides():
    described = OrderedDict(a=_Tensor("1", 2, (2, 5), (5, 1)), b=_Tensor("1", 0, (3, 4), (1, 3)))
    found = read_arrays(file_of(described, {"1": NUMBERS}))
    np.testing.assert_array_equal(found["a"], NUMBERS[2:].reshape(2, 5))
    np.testing.assert_array_equal(found["b"], NUMBERS.reshape(4, 3).T)


class _Harmful:
    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.file),)


def test_a_pickle_that_asks_for_any_other_function_is_refused_and_does_nothing(tmp_path):
    mark = tmp_path / "mark"
    for content in (file_of(OrderedDict(a=_Harmful(mark)), {}), pickle.dumps(_Harmful(mark), 2)):
        with pytest.raises(BundleError, match="mkdir"):
            read_arrays(content)
    assert not mark.exists()


@pytest.mark.parametrize(
    "tensor", [(0, (13,), (1,)), (11, (2,), (1,)), (0, (2, 2), (11, 1)), (0, (2,), (-1,))]
)
def test_an_array_beyond_its_storage_is_refused(tensor):
    with pytest.raises(BundleError):
        read_arrays(file_of(OrderedDict(a=_Tensor("1", *tensor)), {"1": NUMBERS}))


@pytest.mark.parametrize("length", [0, 10, 60, -4])
def test_a_file_that_was_cut_off_is_refused(length):
    content = file_of(OrderedDict(a=_Tensor("1", 0, (12,), (1,))), {"1": NUMBERS})
    with pytest.raises(BundleError):
        read_arrays(content[:length])
