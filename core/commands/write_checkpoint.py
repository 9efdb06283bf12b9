"""Define ``checkpoint``: write the model of a training that has not ended, to look at and to measure."""

from __future__ import annotations

from pathlib import Path

import click

from core.commands.common import (
    bundle_folder_option,
    errors_in_one_line,
    find_run,
    quiet_tensorflow,
    unwritable,
)


@click.command("checkpoint", short_help="Write the model of an unfinished run.")
@click.argument("run")
@bundle_folder_option
@errors_in_one_line
def write_checkpoint(run: str, out: Path) -> None:
    """Write the model of RUN (its id or folder), as it was saved last, as a bundle.

    The run may still be training, and goes on; evaluate and sample then take the folder of the bundle.
    """
    found = find_run(run)
    with quiet_tensorflow():
        from core.lab.publishing.publish import publish  # noqa: PLC0415 (imports TensorFlow)
        from core.lab.training.start import start  # noqa: PLC0415

        training = start(found.config)
    training.restore(found.checkpoint)
    with unwritable(out):
        publish(training, out)
    click.echo(out)
