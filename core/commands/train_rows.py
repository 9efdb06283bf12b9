"""Define ``train-rows``: train the recurrent network that draws images row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from core.bundles.bundle import PRETRAINED
from core.commands.common import (
    DatasetName,
    bar,
    errors_in_one_line,
    native_messages_hidden,
    quiet_tensorflow,
)
from core.datasets import registry
from core.language import gettext


@click.command("train-rows", short_help="Train a GRU to draw images row by row.")
@click.option("--dataset", type=DatasetName())
@click.option("--train-size", type=click.IntRange(100), help="Number of training images; by default all.")
@click.option("--units", type=click.IntRange(1, 1024))
@click.option(
    "--components", type=click.IntRange(1, 200), help="Number of rows from which the network chooses."
)
@click.option("--epochs", type=click.IntRange(1, 1000))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1))
@click.option("--out", default=PRETRAINED / "rows", type=click.Path(path_type=Path, file_okay=False))
@errors_in_one_line
def train_rows(out: Path, **options: Any) -> None:
    """Train a GRU to draw images row by row and write its bundle; without options, as shipped."""
    with quiet_tensorflow():
        from core.lab.training import row_training  # noqa: PLC0415 (imports TensorFlow)

    config = row_training.RowsConfig(**{key: value for key, value in options.items() if value is not None})
    data = registry.load(config.dataset, train_size=config.train_size, seed=config.seed)
    with bar(gettext("Training")) as progress:
        model = row_training.train(config, data, progress)
    loss = row_training.test_loss(model, data)
    with native_messages_hidden():
        row_training.publish(model, config, data, loss, out)
    click.echo(gettext("test loss: {loss:.2f} nats per image", loss=loss), err=True)
    click.echo(out)
