from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from core.bundles.bundle import PRETRAINED, pretrained
from core.bundles.saved_weights import read_layers
from core.errors import LabError
from core.inside import model_file
from core.inside.layer_steps import chain
from core.inside.model_file import read_model_file
from tests.refusals import raises

NAME = "mine.keras"
Entry = dict[str, Any]


def entry(kind: str, name: str, **config: Any) -> Entry:
    """Return a layer as Keras writes it into a Sequential model's description."""
    config = {"name": name, **config}
    return {"module": "keras.layers", "class_name": kind, "registered_name": None, "config": config}


def image(*shape: int) -> Entry:
    return entry("InputLayer", "image", batch_shape=[None, *shape])


def conv(name: str = "conv", activation: Any = "relu") -> Entry:
    window = {"kernel_size": [3, 3], "strides": [1, 1], "dilation_rate": [1, 1], "padding": "valid"}
    return entry("Conv2D", name, data_format="channels_last", groups=1, activation=activation, **window)


FLATTEN, DENSE = entry("Flatten", "flat"), entry("Dense", "answer", activation="softmax")
WEIGHTS = {
    "conv2d": [np.full((3, 3, 1, 2), 0.1), np.zeros(2)],
    "dense": [np.full((26 * 26 * 2, 3), 0.01), np.zeros(3)],
}


def packed(
    layers: Sequence[Entry],
    weights: Mapping[str, Sequence[np.ndarray]] = WEIGHTS,
    *,
    kind: str = "Sequential",
    **model: Any,
) -> bytes:
    """Return a model file with these layers, and weights by the groups in which older versions keep them."""
    text = described(layers, kind=kind, **model)
    return zipped({"config.json": text, "model.weights.h5": stored(weights)})


def described(layers: Sequence[Entry], kind: str = "Sequential", **model: Any) -> bytes:
    """Return a model's description, with ``model`` among or instead of its values."""
    values = {"module": "keras", "class_name": kind, "registered_name": None, "config": {"layers": layers}}
    return json.dumps(values | model).encode()


def stored(weights: Mapping[str, Sequence[np.ndarray]]) -> bytes:
    kept = io.BytesIO()
    with h5py.File(kept, "w") as file:
        for group, arrays in weights.items():
            for i, array in enumerate(arrays):
                file[f"layers/{group}/vars/{i}"] = array.astype(np.float32)
    return kept.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return kept.getvalue()


def spoilt(data: bytes, change: Any) -> bytes:
    """Return a model file whose weights ``change`` has changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    kept = io.BytesIO(members["model.weights.h5"])
    with h5py.File(kept, "r+") as file:
        change(file)
    return zipped(members | {"model.weights.h5": kept.getvalue()})


GOOD = [image(28, 28, 1), conv(), FLATTEN, DENSE]


def test_a_shipped_network_brought_as_a_file_has_the_same_layers() -> None:
    found = read_model_file((PRETRAINED / "tutorial" / "model.keras").read_bytes(), NAME)

    own = read_layers(pretrained("tutorial"))
    assert (found.shape, found.chained, found.reads_rows) == ((28, 28, 1), len(own), False)
    for layer, ours in zip(found.layers, own, strict=True):
        assert (layer.name, layer.kind) == (ours.name, ours.kind)
        for array, expected in zip(layer.weights, ours.weights, strict=True):
            np.testing.assert_array_equal(array, expected)


def test_a_recurrent_network_brought_as_a_file_is_read_row_by_row() -> None:
    found = read_model_file((PRETRAINED / "lstm" / "model.keras").read_bytes(), NAME)

    assert found.reads_rows
    assert [layer.kind for layer in found.layers if layer.kind == "LSTM"] == ["LSTM", "LSTM"]


def test_a_sequential_model_of_an_older_version_is_read_to_its_softmax() -> None:
    found = read_model_file(packed(GOOD), NAME)

    steps = chain(found.layers, found.shape, chained=found.chained).steps
    assert [step.name for step in steps] == ["conv", "flat", "answer", "softmax"]


def test_layers_of_one_class_are_told_apart_by_their_order() -> None:
    weights = {
        "conv2d": [np.ones((3, 3, 1, 2)), np.zeros(2)],
        "conv2d_1": [np.ones((3, 3, 2, 4)), np.zeros(4)],
    }
    found = read_model_file(packed([image(28, 28, 1), conv("a"), conv("b")], weights), NAME)

    assert [layer.weights[0].shape for layer in found.layers[1:]] == [(3, 3, 1, 2), (3, 3, 2, 4)]


def test_the_first_layer_that_cannot_be_shown_ends_the_chain() -> None:
    found = read_model_file(packed([*GOOD[:2], entry("LayerNormalization", "odd"), FLATTEN, DENSE]), NAME)

    assert chain(found.layers, found.shape).left_out == found.layers[2]


def _external(file: h5py.File) -> None:
    del file["layers/conv2d/vars/0"]
    file.create_dataset("layers/conv2d/vars/0", (4,), "f4", external=[("/etc/hostname", 0, 16)])


def _soft(file: h5py.File) -> None:
    del file["layers/conv2d/vars/0"]
    file["layers/conv2d/vars/0"] = h5py.SoftLink("/layers/dense/vars/0")


def _outside(file: h5py.File) -> None:
    del file["layers/conv2d/vars/0"]
    file["layers/conv2d/vars/0"] = h5py.ExternalLink("/etc/other.h5", "/x")


def _enormous(file: h5py.File) -> None:
    """Declare 4 TB of which nothing is stored."""
    del file["layers/conv2d/vars/0"]
    file.create_dataset("layers/conv2d/vars/0", (2**40,), "f4", chunks=(2**16,), compression="gzip")


def _wild(file: h5py.File) -> None:
    file["layers/conv2d/vars/0"][0, 0, 0, 0] = np.nan


WIDE = {"dilation_rate": [2000, 2000], "padding": "same"}
HOSTILE = {
    "no ZIP file": (b"\x89HDF\r\n", "inside.model_not_keras"),
    "another ZIP file": (zipped({"notes.txt": b"x"}), "inside.model_not_keras"),
    "a ZIP file cut short": (packed(GOOD)[:300], "inside.model_unreadable"),
    "a ZIP bomb": (
        zipped({"config.json": described(GOOD), "model.weights.h5": bytes(2**25 - 1)}),
        "inside.model_unreadable",
    ),
    "a huge description": (
        zipped({"config.json": np.random.default_rng(0).bytes(2**20 + 1), "model.weights.h5": b""}),
        "inside.model_config",
    ),
    "a description that is no JSON": (
        zipped({"config.json": b"{", "model.weights.h5": b""}),
        "inside.model_damaged",
    ),
    "weights that are no HDF5": (
        zipped({"config.json": json.dumps({"class_name": "Sequential"}).encode(), "model.weights.h5": b"no"}),
        "inside.model_class",
    ),
    "a subclassed model": (packed(GOOD, kind="MyNet", module="my.code"), "inside.model_class"),
    "a class named like Keras's": (
        packed(GOOD, registered_name="mine>Sequential"),
        "inside.model_class",
    ),
    "a Lambda layer": (packed([*GOOD[:2], entry("Lambda", "odd", function={})]), "inside.model_code"),
    "a layer of the author's": (
        packed([GOOD[0], conv() | {"registered_name": "mine>Conv2D", "module": None}]),
        "inside.model_code",
    ),
    "an activation of the author's": (
        packed([GOOD[0], conv(activation={"class_name": "function", "config": "mine>f"})]),
        "inside.model_code",
    ),
    "a model in a model": (packed([GOOD[0], entry("Sequential", "inner", layers=[])]), "inside.model_nested"),
    "too many layers": (packed([GOOD[0], *[FLATTEN] * 200]), "inside.model_layers"),
    "another input": (packed([image(224, 224, 3), *GOOD[1:]]), "inside.model_input"),
    "no image": (packed([image(10), *GOOD[1:]]), "inside.model_input"),
    "text for a side": (packed([image("28", 28, 1), *GOOD[1:]]), "inside.model_input"),  # type: ignore[arg-type]
    "too much work": (
        packed(
            [image(96, 96, 1), conv("a"), conv("b")],
            {"conv2d": [np.zeros((3, 3, 1, 400)), np.zeros(400)]},
        ),
        "inside.model_work",
    ),
    "weights of another layer": (
        packed(GOOD, {"conv2d": WEIGHTS["dense"]}),
        "inside.unknown_layer",
    ),
    "no weights": (packed(GOOD, {}), "inside.model_no_weights"),
    "data of another file": (spoilt(packed(GOOD), _external), "inside.model_weights"),
    "a soft link": (spoilt(packed(GOOD), _soft), "inside.model_weights"),
    "a link to another file": (spoilt(packed(GOOD), _outside), "inside.model_weights"),
    "4 TB that are declared": (spoilt(packed(GOOD), _enormous), "inside.model_parameters"),
    "weights that are no numbers": (spoilt(packed(GOOD), _wild), "inside.model_values"),
    "strides of zero": (
        packed([GOOD[0], conv() | {"config": {**conv()["config"], "strides": [0, 0]}}]),
        "inside.model_damaged",
    ),
    "a dilation of thousands": (
        packed([GOOD[0], conv() | {"config": {**conv()["config"], **WIDE}}]),
        "inside.model_work",
    ),
    "a deep description": (
        zipped({"config.json": b"[" * 100_000, "model.weights.h5": b""}),
        "inside.model_damaged",
    ),
    "nothing to show": (packed(GOOD[:1]), "inside.no_convolution"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(case: str) -> None:
    data, key = HOSTILE[case]
    with raises(LabError, key):
        read_model_file(data, NAME)


def test_a_file_that_is_too_large_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_file, "MAX_FILE_BYTES", 10)
    with raises(LabError, "inside.model_bytes"):
        read_model_file(packed(GOOD), NAME)


def test_a_model_file_is_read_without_tensorflow() -> None:
    code = (
        "import sys; from core.inside.model_file import read_model_file; "
        "read_model_file(open(sys.argv[1], 'rb').read(), 'x'); sys.exit('keras' in sys.modules)"
    )
    file = PRETRAINED / "tutorial" / "model.keras"
    subprocess.run([sys.executable, "-c", code, str(file)], check=True, cwd=Path(__file__).parents[2])
