"""Define ``mix-weights``: average a model's weights with those of runs that began with it."""

from __future__ import annotations

from pathlib import Path

import click

from core.bundles.bundle import Bundle, open_bundle
from core.commands.common import (
    bar,
    bundle_folder_option,
    errors_in_one_line,
    find_bundle,
    find_run,
    quiet_tensorflow,
    unwritable,
)
from core.language import gettext


@click.command("mix-weights", short_help="Average a classifier's weights with those of fine-tuned runs.")
@click.argument("model")
@click.argument("runs", nargs=-1, required=True, metavar="RUN=SHARE...")
@bundle_folder_option
@errors_in_one_line
def mix_weights(model: str, runs: tuple[str, ...], out: Path) -> None:
    """Write the weighted mean of MODEL (a shipped name or a folder) and of runs that began with its weights.

    Each RUN (an id or a folder) has its share of the mean, and MODEL has the rest. The mean is calibrated on
    MODEL's validation images and measured on its test images; publish then takes the bundle's folder.
    """
    others = [_part(text) for text in runs]
    if not all(share > 0 for _, share in others) or sum(share for _, share in others) > 1:
        raise click.BadParameter(
            gettext("The shares must be above 0 and add up to 1 at most."), param_hint="RUN=SHARE"
        )
    bundle = find_bundle(model)
    with quiet_tensorflow():
        from core.lab.publishing.publish import publish  # noqa: PLC0415 (imports TensorFlow)
        from core.lab.training.weight_mean import mixed  # noqa: PLC0415
    with bar(gettext("Loading")) as loading:
        training = mixed(bundle, others, lambda _, done: loading(done or 0.0))
    with unwritable(out):
        publish(training, out)
    for name, value in training.metrics.items():
        click.echo(f"{name.replace('_', ' ')}: {value:.4f}", err=True)
    click.echo(out)


def _part(text: str) -> tuple[Bundle, float]:
    """Return the bundle and the share that a text such as ``RUN=0.3`` names."""
    run, _, share = text.rpartition("=")
    try:
        return open_bundle(find_run(run).bundle), float(share)
    except ValueError:
        raise click.BadParameter(gettext("Write RUN=SHARE, such as {example}.", example="RUN=0.3")) from None
