"""Read and write a measurement that ships with the app: how far back in time recurrent networks learn."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.drafts import draft_file
from core.errors import BundleError
from core.inside.recurrent_cells import GATES, Cell
from core.inside.row_reader import RowReader

SHIPPED = Path(__file__).with_name("vanishing_gradients.json")  # written by: python -m core measure-memory
NETWORKS = SHIPPED.with_suffix(".npz")


@dataclass(frozen=True, kw_only=True)
class GradientConfig:
    """Settings of the measurement and of the training, the same for each kind of cell."""

    dataset: str = "mnist"
    train_size: int = 4_000
    steps: tuple[int, ...] = (28, 112, 784)  # an image as rows, quarter rows, pixels
    units: int = 64
    epochs: tuple[int, ...] = (10, 10, 4)  # for each number of steps; long sequences train slowly
    batch_size: int = 50
    learning_rate: float = 0.003  # Adam's
    clip: float = 1.0  # largest norm of a gradient; without it a SimpleRNN diverges
    images: int = 200  # test images whose gradients are measured
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class GradientCurve:
    """One kind of cell on sequences of one length.

    ``before`` and ``after`` are measured before and after training. Each holds one number per time step: the
    median, over the test images, of the norm of the gradient of an image's loss with respect to the state
    after that step (h; for an LSTM h and c).
    """

    cell: str  # SimpleRNN, GRU or LSTM
    steps: int
    parameters: int
    accuracy: float  # on all test images, after training, 0 to 1
    before: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True)
class GradientMeasurement:
    """Settings and curves of a measurement."""

    config: GradientConfig
    curves: tuple[GradientCurve, ...]


def write(measured: GradientMeasurement, path: Path) -> None:
    """Write the measurement as JSON, with numbers to four significant digits."""
    values = dataclasses.asdict(measured)
    for curve in values["curves"]:
        for key in ("before", "after"):
            curve[key] = [float(f"{value:.3e}") for value in curve[key]]
    with draft_file(path) as draft:
        draft.write_text(json.dumps(values) + "\n", encoding="utf-8")


def read(path: Path = SHIPPED) -> GradientMeasurement:
    """Return the measurement in a file.

    Raises:
        BundleError: when it cannot be read.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        lists = {key: tuple(values["config"][key]) for key in ("steps", "epochs")}
        config = GradientConfig(**{**values["config"], **lists})
        curves = tuple(
            GradientCurve(**{**each, "before": tuple(each["before"]), "after": tuple(each["after"])})
            for each in values["curves"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleError("inside.unreadable_measurement", file=path.name, reason=str(error)) from error
    return GradientMeasurement(config, curves)


def write_networks(networks: dict[str, RowReader], path: Path) -> None:
    """Write the weights of one network per kind of cell, each with one recurrent layer, as .npz."""
    arrays: dict[str, np.ndarray] = {}
    for kind, network in networks.items():
        (cell,) = network.cells
        parts = (cell.kernel, cell.recurrent, cell.bias, cell.recurrent_bias, network.kernel, network.bias)
        arrays |= {
            f"{kind}-{name}": part.astype(np.float32) for name, part in zip(_PARTS, parts, strict=True)
        }
    with draft_file(path) as draft:
        np.savez_compressed(draft, allow_pickle=False, **arrays)


def read_networks(path: Path = NETWORKS) -> dict[str, RowReader]:
    """Return the networks that read rows, by kind of cell; all were trained with the same settings.

    Raises:
        BundleError: when the file cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found = {kind: [arrays[f"{kind}-{name}"] for name in _PARTS] for kind in GATES}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise BundleError("inside.unreadable_networks", file=path.name, reason=str(error)) from error
    return {kind: RowReader((Cell(kind, kind, *parts[:4]),), *parts[4:]) for kind, parts in found.items()}


_PARTS = ("kernel", "recurrent", "bias", "recurrent_bias", "output_kernel", "output_bias")
