"""Define ``teach``: learn the classes of a folder's pictures, measure, and publish a bundle."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import click

from core.bundles.bundle import Bundle
from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import ClassSetStore
from core.class_sets.features import BACKBONE, Backbone, Features, features_of
from core.class_sets.held_out import TaughtHead, learning_curve
from core.class_sets.held_out import teach as teach_head
from core.class_sets.lookalikes import near_duplicates, odd_ones_out
from core.class_sets.set_files import Import, add_archive, add_folder
from core.commands.common import (
    bar,
    errors_in_one_line,
    find_bundle,
    native_messages_hidden,
    quiet_tensorflow,
    unwritable,
)  # fmt: skip
from core.errors import ImageError
from core.images.archive import MAX_TOTAL_BYTES
from core.inference.decoding_pool import DecodingPool
from core.language import gettext


@click.command(short_help="Learn classes from folders of pictures.")
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the bundle to write; without it the classes are only measured.",
)
@click.option("--backbone", default=BACKBONE, show_default=True, help="Name or folder of the backbone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@errors_in_one_line
def teach(folder: Path, out: Path | None, backbone: str, as_json: bool) -> None:
    """Learn classes from FOLDER, which has one folder per class, or from a ZIP file of such folders.

    A linear head learns from the features of a backbone. It is measured on held-out pictures: one in ten
    of each class; of a class of fewer than ten pictures, each one in turn.
    """
    bundle = find_bundle(backbone)
    with native_messages_hidden():
        network = Backbone(bundle)
    with tempfile.TemporaryDirectory() as place:
        store = ClassSetStore(Path(place))
        brought = _brought(store, folder)
        for told in brought.left_out:
            click.echo(str(told), err=True)
        brought.classes.check_teachable()
        with native_messages_hidden(), bar(gettext("Computing features")) as shown:
            features = features_of(store, brought.classes, network, lambda told, share: shown(share or 0.0))
    taught = teach_head(features.values, features.labels, len(brought.classes.classes))
    figures = _figures(brought.classes, features, taught)
    if out is not None:
        _publish(taught, brought.classes, bundle, out, folder.stem, figures)
    figures["left_out"] = [str(told) for told in brought.left_out]
    if as_json:
        click.echo(json.dumps(figures))
        return
    _show(figures)
    if out is not None:
        click.echo(out)


def _brought(store: ClassSetStore, folder: Path) -> Import:
    """Return a set with the pictures of a folder or ZIP file, read in another process."""
    made = store.create("")
    pool = DecodingPool()
    try:
        with bar(gettext("Reading")) as shown:

            def progress(told: object, share: float | None) -> None:
                shown(share or 0.0)

            if folder.is_dir():
                return add_folder(store, made.id, folder, pool, progress)
            if folder.stat().st_size > MAX_TOTAL_BYTES:
                raise ImageError("images.archive_too_large", name=folder.name, most=MAX_TOTAL_BYTES >> 20)
            return add_archive(store, made.id, folder.read_bytes(), folder.name, pool, progress)
    finally:
        pool.close()


def _figures(classes: ClassSet, features: Features, taught: TaughtHead) -> dict[str, Any]:
    confusion = taught.held_out.evaluation.confusion
    names = [picture.name for _, picture in classes.pictures]
    return {
        "accuracy": taught.held_out.evaluation.accuracy,
        "held_out": len(taught.held_out.labels),
        "classes": [
            {
                "name": one.name,
                "pictures": len(one.pictures),
                "held_out": int(confusion[k].sum()),
                "right": int(confusion[k, k]),
            }
            for k, one in enumerate(classes.classes)
        ],
        "curve": [
            {"pictures": p.pictures, "mean": p.mean, "lowest": p.lowest, "highest": p.highest}
            for p in learning_curve(features.values, features.labels, len(classes.classes))
        ],
        "near_duplicates": [
            [names[pair.first], names[pair.second]]
            for pair in near_duplicates(features.values, features.labels)
        ],
        "looks_like_another": [
            {"picture": names[one.picture], "class": classes.names[one.looks_like]}
            for one in odd_ones_out(taught.held_out, taught.temperature)
        ],
        "temperature": taught.temperature,
        "familiar_from": taught.familiar_from,
    }


def _publish(
    taught: TaughtHead, classes: ClassSet, bundle: Bundle, out: Path, title: str, figures: dict[str, Any]
) -> None:
    metrics = {
        "held_out_accuracy": figures["accuracy"],
        "held_out": float(figures["held_out"]),
        "fewest_pictures": float(min(one["pictures"] for one in figures["classes"])),
    }
    with quiet_tensorflow():
        from core.lab.publishing.taught import publish_taught  # noqa: PLC0415 (imports TensorFlow)

        with unwritable(out):
            publish_taught(taught, classes.names, bundle, out, metrics, title)


def _show(figures: dict[str, Any]) -> None:
    click.echo(
        gettext(
            "accuracy {accuracy:.1%} on {count:,} pictures held out",
            accuracy=figures["accuracy"],
            count=figures["held_out"],
        )
    )
    for one in figures["classes"]:
        click.echo(gettext("{name}: {right} of {held_out} right, {pictures} pictures", **one))
    for point in figures["curve"]:
        click.echo(gettext("{pictures} per class: {mean:.1%} ({lowest:.1%} to {highest:.1%})", **point))
    for first, second in figures["near_duplicates"]:
        click.echo(gettext("nearly the same: {first} and {second}", first=first, second=second))
    for one in figures["looks_like_another"]:
        click.echo(gettext("{picture} looks like {name}", picture=one["picture"], name=one["class"]))
