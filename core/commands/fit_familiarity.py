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
from core.datasets.synthetic.outliers import as_photographed, outliers
from core.errors import BundleError
from core.inference import familiarity
from core.inference.classifier import Classifier
from core.language import gettext

STEP = 256  # images at once


@click.command("fit-familiarity", short_help="Teach a model to reject unfamiliar images.")
@click.argument("model")
@click.option(
    "--images",
    default=10_000,
    show_default=True,
    type=click.IntRange(20),
    help="Most training images to use, and most of each other kind.",
)
@errors_in_one_line
def fit_familiarity(model: str, images: int) -> None:
    """Teach MODEL (a shipped name or a folder) to tell images of its classes from any others.

    It learns from training images, some of them blurred, noisy or on paper, and from drawn images of no
    class. Validation images set the threshold: 99 in 100 of them are accepted.
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
    maps = [name for name, shape in bundle.card.activations.items() if len(shape) == 3]
    layers = (maps[len(maps) // 2 - 1], maps[-1])
    sources = (
        as_photographed(data.x_train[learnt], config.seed),
        outliers(data.x_train, len(learnt), config.seed, data.info.subject),
        data.x_train[held],
    )
    found = familiarity.fit(layers, *(_features(classifier, images, layers) for images in sources))
    with unwritable(bundle.folder):
        found.save(bundle.folder / FAMILIARITY)
        files = bundle.card.files | {FAMILIARITY: sha256(bundle.folder / FAMILIARITY)}
        write_card(bundle.folder, dataclasses.replace(bundle.card, files=files))
    click.echo(bundle.folder / FAMILIARITY)


def _features(classifier: Classifier, images: np.ndarray, layers: tuple[str, ...]) -> np.ndarray:
    found = []
    with bar(gettext("Measuring")) as progress:
        for start in range(0, len(images), STEP):
            activations = classifier.activations(images[start : start + STEP])
            found.append(familiarity.pooled(activations, layers))
            progress(min(1.0, (start + STEP) / len(images)))
    return np.concatenate(found)
