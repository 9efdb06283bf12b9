"""Define ``fit-familiarity``: let a shipped classifier refuse what is unlike all that it learnt from."""

from __future__ import annotations

import dataclasses

import click
import numpy as np

from core.bundles.bundle import FAMILIARITY, sha256, write_card
from core.commands.common import bar, errors_in_one_line, find_bundle, native_messages_hidden, unwritable
from core.contract import config as configs
from core.contract.config import ClassifierConfig
from core.datasets import registry
from core.errors import BundleError
from core.inference import familiarity
from core.inference.classifier import Classifier
from core.language import gettext

STEP = 32  # images at once


@click.command("fit-familiarity", short_help="Teach a model to reject unfamiliar images.")
@click.argument("model")
@click.option(
    "--images",
    default=10_000,
    show_default=True,
    type=click.IntRange(20),
    help="Most training images to use, and most validation images.",
)
@errors_in_one_line
def fit_familiarity(model: str, images: int) -> None:
    """Measure the features of the classes that MODEL (a shipped name or a folder) knows; add them to it.

    Training images describe the classes. Validation images set the thresholds: 99 in 100 of them pass each.
    """
    bundle = find_bundle(model)
    config = configs.from_dict(bundle.card.config)
    if not isinstance(config, ClassifierConfig):
        raise BundleError("inference.not_a_classifier", name=bundle.name)
    data = registry.load(config.dataset, train_size=config.train_size, seed=config.seed)
    chosen = np.random.default_rng(config.seed).permutation(len(data.x_train))  # as in the training
    count = max(1, round(len(chosen) * config.validation_split))
    held, learnt = chosen[:count][:images], chosen[count:][:images]
    with native_messages_hidden():
        classifier = Classifier(bundle)
    layer = [name for name, shape in bundle.card.activations.items() if len(shape) == 1][-2]
    features, _ = _outputs(classifier, data.x_train[learnt], layer)
    labels = data.y_train[learnt].astype(np.int64)
    found = familiarity.fit(layer, features, labels, _outputs(classifier, data.x_train[held], layer))
    with unwritable(bundle.folder):
        found.save(bundle.folder / FAMILIARITY)
        files = bundle.card.files | {FAMILIARITY: sha256(bundle.folder / FAMILIARITY)}
        write_card(bundle.folder, dataclasses.replace(bundle.card, files=files))
    click.echo(bundle.folder / FAMILIARITY)


def _outputs(classifier: Classifier, images: np.ndarray, layer: str) -> tuple[np.ndarray, np.ndarray]:
    features, logits = [], []
    with bar(gettext("Measuring")) as progress:
        for start in range(0, len(images), STEP):
            found = classifier.activations(images[start : start + STEP])
            features.append(found[layer])
            logits.append(found["logits"])
            progress(min(1.0, (start + STEP) / len(images)))
    return np.concatenate(features), np.concatenate(logits)
