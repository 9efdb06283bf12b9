"""Define ``measure-memory``: measure how far back recurrent networks learn."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from core.commands.common import PERCENT, DatasetName, errors_in_one_line, quiet_tensorflow
from core.datasets import registry
from core.errors import ConfigError
from core.inside.row_reader import RowReader
from core.inside.vanishing_gradients import (
    SHIPPED,
    GradientConfig,
    GradientCurve,
    GradientMeasurement,
    write,
    write_networks,
)
from core.language import gettext
from core.messages import Message

_DEFAULT = GradientConfig()


@click.command("measure-memory", short_help="Measure how gradients of RNNs vanish.")
@click.option("--dataset", default=_DEFAULT.dataset, show_default=True, type=DatasetName())
@click.option(
    "--steps",
    default=_DEFAULT.steps,
    show_default=True,
    multiple=True,
    help="Number of steps in which an image is read; may be repeated.",
)
@click.option("--train-size", default=_DEFAULT.train_size, show_default=True, type=click.IntRange(100))
@click.option("--units", default=_DEFAULT.units, show_default=True, type=click.IntRange(1, 1024))
@click.option(
    "--epochs",
    default=_DEFAULT.epochs,
    show_default=True,
    multiple=True,
    help="Epochs for each of --steps, in the same order.",
)
@click.option("--seed", default=_DEFAULT.seed, show_default=True, type=click.IntRange(0, 2**31 - 1))
@click.option("--out", default=SHIPPED, type=click.Path(path_type=Path, dir_okay=False), help="A JSON file.")
@errors_in_one_line
def measure_memory(out: Path, **options: Any) -> None:
    """Train SimpleRNN, GRU and LSTM on rows, quarter rows and pixels; measure their gradients."""
    config = GradientConfig(**options)
    if len(config.steps) != len(config.epochs) or min(config.epochs, default=0) < 1:
        raise ConfigError("commands.epochs_per_steps")
    size = registry.describe(config.dataset).shape
    for steps in config.steps:
        if steps < 1 or (size[0] * size[1] * size[2]) % steps:
            raise ConfigError(
                "commands.indivisible_steps", height=size[0], width=size[1], channels=size[2], steps=steps
            )
    data = registry.load(config.dataset, train_size=config.train_size, seed=config.seed)
    with quiet_tensorflow():
        from core.lab.experiments.gradient_measurement import measure  # noqa: PLC0415 (imports TensorFlow)

    curves: list[GradientCurve] = []
    networks: dict[str, RowReader] = {}
    with click.progressbar(
        length=PERCENT, label=gettext("Measuring"), file=sys.stderr, item_show_func=str
    ) as shown:

        def progress(told: Message, share: float | None) -> None:
            shown.update(round((share or 0.0) * PERCENT) - shown.pos, str(told))

        for curve, network in measure(config, data, progress):
            curves.append(curve)
            networks.setdefault(curve.cell, network)  # the networks of the first length are shipped, too
            # Write after each curve, because training on hundreds of steps takes long.
            write(GradientMeasurement(config, tuple(curves)), out)
            click.echo(_line(curve))
    write_networks(networks, out.with_suffix(".npz"))


def _line(curve: GradientCurve) -> str:
    return gettext(
        "{cell:10} {steps:4} steps  accuracy {accuracy:.4f}  "
        "gradient at the first step ÷ at the last {ratio:.2e}",
        cell=curve.cell,
        steps=curve.steps,
        accuracy=curve.accuracy,
        ratio=curve.after[0] / curve.after[-1],
    )
