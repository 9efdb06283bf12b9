"""Read a visitor's Keras model file as plain data, in a child process.

The file comes from a stranger. It is a ZIP file of ``config.json`` and ``model.weights.h5``; both are read as
data, without Keras, so nothing that such a file names or holds is ever run. That is stricter than Keras's
``safe_mode``, which still builds layers by name. Everything is bounded before it is read, and layers that are
not Keras's own are refused.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np

from core.bundles.saved_weights import SavedLayer, chained_entries
from core.errors import ImageError, LabError
from core.images.archive import Archive, is_archive, printable_path
from core.inference.decoding_limits import limited
from core.inside.convolution import Convolution, Pooling
from core.inside.layer_steps import LayerChain, chain, run
from core.inside.recurrent_cells import GATES
from core.inside.row_reader import as_rows, read, reader
from core.inside.vector_steps import Flattening, Shape
from core.messages import Progress

MAX_FILE_BYTES = 32 * 2**20
MAX_CONFIG_BYTES = 2**20
MAX_LAYERS = 100
MAX_PARAMETERS = 2_000_000
SIDES = (28, 96)  # of an image, in pixels
MAX_MAPS = 500_000  # numbers in all maps of one picture together, which the server keeps
MAX_WINDOWS = 8_000_000  # numbers in all windows of one layer, which are in memory at once
MAX_PRODUCTS = 100_000_000  # multiplications for one picture
MAX_WEIGHT = 1e4
RUNS_CODE = ("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer")
MODELS = ("Sequential", "Functional")


@dataclass(frozen=True)
class ModelFile:
    """A model from outside: its layers as data."""

    layers: tuple[SavedLayer, ...]  # in the order in which they run
    chained: int  # how many of the first layers each read the one before
    shape: Shape  # of an image; for a network that reads rows: rows, numbers in each, 1
    reads_rows: bool  # whether it is a recurrent network


class ModelFileReader:
    """Read model files inside a child process."""

    def __init__(self, progress: Progress) -> None:
        """Take no options; ``progress`` is not needed, since reading takes no second."""

    def read(self, data: bytes, name: str) -> dict[str, Any]:
        """Return the ``model`` in a file of that name as a ``ModelFile``; errors as ``read_model_file``."""
        return {"model": read_model_file(data, name)}


def read_model_file(data: bytes, name: str) -> ModelFile:
    """Return the model in a file, after looking at one picture of noise with it.

    Raises:
        LabError: when it is no Keras model file, is too large, needs code of its own, or when nothing of it
            can be shown.
    """
    name = printable_path(name)
    if len(data) > MAX_FILE_BYTES:
        raise LabError("inside.model_bytes", name=name, most=MAX_FILE_BYTES >> 20)
    if not is_archive(data):
        raise LabError("inside.model_not_keras", name=name)
    try:
        with limited(data):
            model = _read(data, name)
            _try(model)
            return model
    except ImageError as error:  # about the ZIP file
        raise LabError("inside.model_unreadable", name=name, error=error) from error
    except LabError:
        raise
    except MemoryError as error:
        raise LabError("inside.model_memory", name=name) from error
    except Exception as error:  # of whatever kind: every value in the file may be of a wrong type
        raise LabError("inside.model_damaged", name=name) from error


def _read(data: bytes, name: str) -> ModelFile:
    archive = Archive(data, name)
    try:
        texts = {wanted: archive.names.index(wanted) for wanted in ("config.json", "model.weights.h5")}
    except ValueError as error:
        raise LabError("inside.model_not_keras", name=name) from error
    config = archive.read(texts["config.json"])
    if len(config) > MAX_CONFIG_BYTES:
        raise LabError("inside.model_config", name=name, most=MAX_CONFIG_BYTES >> 10)
    model = json.loads(config)
    if model["class_name"] not in MODELS or not _is_keras(model):
        raise LabError("inside.model_class", kind=_short(model["class_name"]))
    entries = model["config"]["layers"]
    if len(entries) > MAX_LAYERS:
        raise LabError("inside.model_layers", count=len(entries), most=MAX_LAYERS)
    for entry in entries:
        _check_entry(entry)
    with h5py.File(io.BytesIO(archive.read(texts["model.weights.h5"])), "r") as file:
        weights = _weights(file, entries)
    reads_rows = any(entry["class_name"] in GATES for entry in entries)
    layers = tuple(
        SavedLayer(_name(entry), entry["class_name"], entry["config"], kept)
        for entry, kept in zip(entries, weights, strict=True)
    )
    chained = chained_entries(entries) if model["class_name"] == "Functional" else len(entries)
    return ModelFile(layers, chained, _shape(model, reads_rows), reads_rows)


def _check_entry(entry: dict[str, Any]) -> None:
    """Refuse a layer that only code of its own can build, or with settings that are more than numbers."""
    kind = entry["class_name"]
    if kind in RUNS_CODE or not _is_keras(entry):
        raise LabError("inside.model_code", name=_short(_name(entry)), kind=_short(kind))
    if kind in MODELS:
        raise LabError("inside.model_nested", name=_short(_name(entry)))
    activation = entry["config"].get("activation", "linear")
    if not isinstance(activation, str):
        raise LabError("inside.model_code", name=_short(_name(entry)), kind=_short(kind))


def _is_keras(entry: dict[str, Any]) -> bool:
    """Return whether a class is Keras's own; a class of the author's may have the name of one of Keras's."""
    registered = entry.get("registered_name")
    return str(entry.get("module", "")).split(".")[0] == "keras" and registered in (None, entry["class_name"])


def _name(entry: dict[str, Any]) -> str:
    return str(entry["config"]["name"])


def _short(text: object) -> str:
    return printable_path(str(text)[:60])


def _shape(model: dict[str, Any], reads_rows: bool) -> Shape:
    """Return the shape of an image, H×W×C."""
    first = model["config"]["layers"][0]["config"]
    shape = first.get("batch_shape") or model["config"].get("build_input_shape") or ()
    sides = tuple(shape[1:])
    if reads_rows and len(sides) == 2:
        sides = (*sides, 1)
    low, high = SIDES
    if not (
        len(sides) == 3
        and all(type(side) is int for side in sides)
        and all(low <= side <= high for side in sides[:2])
        and sides[2] in (1, 3)
    ):
        written = "×".join(str(side)[:8] for side in sides[:6]) or "?"
        raise LabError("inside.model_input", shape=written, low=low, high=high)
    return sides


def _weights(file: h5py.File, entries: Sequence[dict[str, Any]]) -> list[tuple[np.ndarray, ...]]:
    """Return the weights of each layer.

    Raises:
        LabError: when there are too many.
    """
    groups = list(_layer_groups(file, entries))
    count = sum(math.prod(kept.shape) for group in groups for kept in group)
    if count > MAX_PARAMETERS:
        raise LabError("inside.model_parameters", count=count, most=MAX_PARAMETERS)
    return [tuple(_array(kept) for kept in group) for group in groups]


def _layer_groups(file: h5py.File, entries: Sequence[dict[str, Any]]) -> Iterator[list[h5py.Dataset]]:
    """Yield the data sets of each layer, none of which has been read.

    Newer versions of Keras store a layer's name; older ones number the layers of each class.
    """
    layers = _group(file, "layers")
    if layers is None:
        raise LabError("inside.model_no_weights")
    if len(layers) > 2 * MAX_LAYERS:
        raise LabError("inside.model_layers", count=len(layers), most=MAX_LAYERS)
    named = {
        str(kept.attrs["name"]): key
        for key in layers
        if (group := _group(layers, key)) and (kept := _group(group, "vars")) and "name" in kept.attrs
    }
    seen: Counter[str] = Counter()
    for entry in entries:
        kind = _snake_case(entry["class_name"])
        key = f"{kind}_{seen[kind]}" if seen[kind] else kind
        seen[kind] += 1
        group = _group(layers, named.get(_name(entry), key))
        yield _datasets(group) if group is not None else []


def _datasets(group: h5py.Group) -> list[h5py.Dataset]:
    inner = _group(group, "cell")  # a recurrent layer keeps its weights in its cell
    kept = _group(inner if inner is not None else group, "vars")
    if kept is None:
        return []
    return [_dataset(kept, str(i)) for i in range(len(kept))]


def _group(parent: h5py.Group, key: str) -> h5py.Group | None:
    if key not in parent:
        return None
    _check_link(parent, key)
    found = parent[key]
    return found if isinstance(found, h5py.Group) else None


def _dataset(parent: h5py.Group, key: str) -> h5py.Dataset:
    """Return a data set that lies in this file; others would be read from the server's disk."""
    _check_link(parent, key)
    found = parent[key]
    if not isinstance(found, h5py.Dataset) or found.external or found.is_virtual or found.dtype.kind != "f":
        raise LabError("inside.model_weights")
    return found


def _check_link(parent: h5py.Group, key: str) -> None:
    if parent.get(key, getclass=True, getlink=True) is not h5py.HardLink:
        raise LabError("inside.model_weights")


def _array(kept: h5py.Dataset) -> np.ndarray:
    array = np.asarray(kept, np.float32)
    if not (np.abs(array) <= MAX_WEIGHT).all():  # refuses NaN too
        raise LabError("inside.model_values", most=MAX_WEIGHT)
    return array


def _snake_case(name: str) -> str:
    """Return a class's name as Keras writes it for a group of weights."""
    return re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()


def _try(model: ModelFile) -> None:
    """Look at noise with the model, after checking that this is little work.

    Raises:
        LabError: when nothing of it can be shown, when it is too much work, or gives no numbers.
    """
    noise = np.random.default_rng(0).random(model.shape, np.float32)
    if model.reads_rows:
        made = [read(reader(model.layers), as_rows(noise[None])).logits]
    else:
        steps = chain(model.layers, model.shape, chained=model.chained)
        _check_work(steps, model.shape)
        made = run(steps.steps, noise)
    if not all(np.isfinite(each).all() for each in made):
        raise LabError("inside.model_values", most=MAX_WEIGHT)


def _check_work(found: LayerChain, shape: Shape) -> None:
    """Refuse maps, windows and multiplications that would be too many; none of them has been computed."""
    maps = products = 0
    for step in found.steps:
        if isinstance(step, Flattening):
            shape = (1, 1, math.prod(shape))
        if not isinstance(step, Convolution | Pooling):
            continue
        rows, columns = step.geometry.output(*shape[:2])
        windows = rows * columns * math.prod(step.geometry.size) * shape[2]
        sides = map(sum, zip(shape[:2], step.geometry.before, step.geometry.after, strict=True))
        largest = max(windows, math.prod(sides) * shape[2])  # the input is padded before it is cut
        count = step.kernel.shape[3] if isinstance(step, Convolution) else shape[2]
        products += windows * count if isinstance(step, Convolution) else 0
        shape = (rows, columns, count)
        maps += math.prod(shape)
        too_much = largest > MAX_WINDOWS or maps > MAX_MAPS or products > MAX_PRODUCTS
        if min(rows, columns) < 1 or too_much:
            raise LabError("inside.model_work", name=_short(step.name))
