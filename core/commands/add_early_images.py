"""Define ``add-early-images``: ship with a generator what it drew while it learnt."""

from __future__ import annotations

from pathlib import Path

import click

from core.bundles.bundle import EARLY_IMAGES, Card
from core.bundles.early_images import add_early_images as add
from core.commands.common import errors_in_one_line, find_bundle, find_run, unwritable
from core.errors import BundleError
from core.runs.report.early_images import early_images
from core.runs.store.run import Run


@click.command("add-early-images", short_help="Ship images of a generator's training.")
@click.argument("model")
@click.argument("run")
@errors_in_one_line
def add_early_images(model: str, run: str) -> None:
    """Add to the generator MODEL (a shipped name or a folder) images that it drew while it learnt in RUN.

    Generate shows them under "During training". They are those that the run has kept of a few steps: one of
    each class, always at the same latent points. The publish command adds them by itself.
    """
    bundle = find_bundle(model)
    if not add_from_run(bundle.folder, bundle.card, find_run(run)):
        raise BundleError("commands.no_early_images", run=run)
    click.echo(bundle.folder / EARLY_IMAGES)


def add_from_run(folder: Path, card: Card, run: Run) -> bool:
    """Add the images of a run to the bundle in a folder; return False if the run has kept none.

    Raises:
        BundleError: when a kept image cannot be read, or the folder cannot be written to.
    """
    with unwritable(folder):
        early = early_images(run, card.shape)
        if early is not None:
            add(folder, early)
    return early is not None
