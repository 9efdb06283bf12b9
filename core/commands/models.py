"""Define ``evaluate``, ``sample`` and ``publish``: measure a model, draw with it, and ship it."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from core.bundles.bundle import (
    KERAS,
    PRETRAINED,
    Bundle,
    Card,
    open_bundle,
    sha256,
    shipped_classifier,
    write_card,
)
from core.class_sets.features import shipped_backbone
from core.commands.add_early_images import add_from_run
from core.commands.common import (
    DatasetName,
    bar,
    errors_in_one_line,
    find_bundle,
    native_messages_hidden,
    quiet_tensorflow,
    unwritable,
)
from core.contract.config import MIRRORING
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.drafts import draft_folder
from core.errors import BundleError, ConfigError
from core.images.encode import png
from core.images.grid import grid
from core.images.picture_kind import SIGN
from core.inference.classifier import Classifier
from core.inference.critic import SoundGenerator
from core.inference.generator import Generator
from core.inference.letters_only import letters_of
from core.inference.model_evaluation import (
    Examiner,
    FeatureFidelity,
    Features,
    classifier_features,
    measure_classifier,
    measure_features,
    measure_fidelity,
    measure_generator,
    measure_parzen,
)
from core.inside import row_completion
from core.language import gettext
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore, home

if TYPE_CHECKING:
    from core.lab.training.classification_accuracy_score import ScoredClassifier

COLUMNS = 10
GENERATOR_SAMPLES = 10_000
TAUGHT_PER_SAMPLE = 6  # 60,000 images teach the tutorial's CNN where 10,000 are looked at
TAUGHT = "tutorial"  # the network that is taught; figures in its features begin with its name
SCORE_STEP = 1000  # images between two reports of progress
LARGE = 1_000_000  # parameters of a classifier from which its Keras weights are kept in 16 bits
FORMER_NAMES = {"token_normalize_func": lambda name: "classifier" if name == "judge" else name}

dataset_option = click.option(
    "--dataset", type=DatasetName(), help="Data set with the test images; by default the model's own."
)
classifier_option = click.option(
    "--classifier",
    help="Classifier for a generator's images; by default a shipped CNN with its classes.",
)


@click.command(context_settings=FORMER_NAMES, short_help="Measure a model on test images.")
@click.argument("model")
@dataset_option
@classifier_option
@click.option(
    "--leave-out-broken",
    "sound",
    is_flag=True,
    help="Draw others in place of broken images, as Generate does; the generator needs a critic.",
)
@click.option("--samples", default=GENERATOR_SAMPLES, show_default=True, type=click.IntRange(10, 1_000_000))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@errors_in_one_line
def evaluate(
    model: str,
    dataset: str | None,
    classifier: str | None,
    sound: bool,
    samples: int,
    as_json: bool,
) -> None:
    """Measure MODEL, a shipped name or a folder: a classifier on test images, a generator by a classifier."""
    bundle = find_bundle(model)
    figures = _figures(bundle, dataset, classifier, samples, SoundGenerator if sound else Generator)
    if as_json:
        click.echo(json.dumps({"model": bundle.name, **figures}))
        return
    for name, value in figures.items():
        click.echo(f"{name.replace('_', ' '):22} {_readable(value)}")


@click.command(short_help="Draw images with a generator.")
@click.argument("model")
@click.option(
    "--labels", default="0-9", show_default=True, help="Classes to draw in turn, such as 0-9 or 1,3,5-7."
)
@click.option(
    "--count", default=100, show_default=True, type=click.IntRange(1, 100_000), help="Number of images."
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help=".png or .npz")
@errors_in_one_line
def sample(model: str, labels: str, count: int, seed: int, out: Path) -> None:
    """Draw images with the generator MODEL: a grid as PNG, or the images and their labels as NPZ."""
    bundle = find_bundle(model)
    with native_messages_hidden():
        generator = Generator(bundle)
    suffix = out.suffix.lower()
    if suffix not in (".png", ".npz"):
        raise click.BadParameter(
            gettext("The file name must end in .png or .npz; got {name}.", name=out.name), param_hint="--out"
        )
    wanted = np.resize(parse_labels(labels), count)
    images = generator.draw(wanted, generator.latent(count, seed))
    with unwritable(out):
        if suffix == ".npz":
            with open(out, "wb") as file:  # by name, NumPy adds ".npz" to an upper-case suffix
                np.savez_compressed(file, images=images, labels=wanted.astype(np.uint8))
        else:
            out.write_bytes(png(grid(images, columns=min(COLUMNS, count), scale=2)))
    click.echo(out)


@click.command(context_settings=FORMER_NAMES, short_help="Ship the model of a run with the app.")
@click.argument("run")
@click.option("--name", help="Name of the shipped model; by default the architecture's.")
@classifier_option
@click.option(
    "--samples",
    type=click.IntRange(10, 1_000_000),
    help="Images by which a generator is measured; by default 10,000.",
)
@errors_in_one_line
def publish(run: str, name: str | None, classifier: str | None, samples: int | None) -> None:
    """Ship the model of a finished RUN (its id or folder) with the app, measured through LiteRT.

    RUN may also be the folder of a bundle, such as checkpoint writes. The Keras weights of generators and of
    large classifiers are kept in 16 bits, as LiteRT has them, and images that the run has kept of its
    training are shipped too.
    """
    bundle = _finished(run)
    name = name or bundle.card.architecture
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name):
        raise click.BadParameter(gettext("A name consists of a-z, 0-9, - and _."), param_hint="--name")
    figures = _figures(bundle, None, classifier, samples or GENERATOR_SAMPLES)
    metrics = {key: value for key, value in figures.items() if isinstance(value, float)}
    _ship(bundle, dataclasses.replace(bundle.card, metrics={**bundle.card.metrics, **metrics}), name)
    click.echo(PRETRAINED / name)


def parse_labels(text: str) -> list[int]:
    """Return the classes that a text such as ``0-3,7`` names, in its order.

    Raises:
        ConfigError: when it names none.
    """
    labels: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,4})(?:-(\d{1,4}))?\s*", part)
        if not match or (match[2] and int(match[2]) < int(match[1])):
            raise ConfigError("commands.labels", text=text)
        labels.extend(range(int(match[1]), int(match[2] or match[1]) + 1))
    return labels


def _ship(bundle: Bundle, card: Card, name: str) -> None:
    """Copy the bundle with a new card, in place of a model that was shipped under the name."""
    try:
        with draft_folder(PRETRAINED / name) as draft:
            shutil.copytree(bundle.folder, draft, dirs_exist_ok=True)
            if card.family == "gan" or card.parameters >= LARGE:
                card = _with_small_weights(draft, card)
            write_card(draft, card)
            if card.family == "gan" and _is_run(bundle.folder.parent):
                add_from_run(draft, card, Run(bundle.folder.parent))
    except OSError as error:
        raise BundleError(
            "commands.unwritable", file=PRETRAINED / name, error=error.strerror or str(error)
        ) from error


def _with_small_weights(folder: Path, card: Card) -> Card:
    """Round the Keras weights of the bundle in a folder to 16 bits; return its card with the new checksum."""
    with quiet_tensorflow():
        from core.lab.publishing.backbone import store_in_half_precision  # noqa: PLC0415 (imports TensorFlow)

    store_in_half_precision(folder / KERAS)
    return dataclasses.replace(card, files=card.files | {KERAS: sha256(folder / KERAS)})


def _is_run(folder: Path) -> bool:
    return (folder / "config.json").is_file()


def _finished(run: str) -> Bundle:
    folder = Path(run) if os.path.isdir(run) else RunStore(home()).open(run).folder
    if (folder / "card.json").is_file():
        return open_bundle(folder)
    if not (folder / "bundle").is_dir():
        raise BundleError("commands.no_model", run=run)
    return open_bundle(folder / "bundle")


def _figures(
    bundle: Bundle,
    dataset: str | None,
    classifier: str | None,
    samples: int,
    drawn_by: type[Generator] = Generator,
) -> dict[str, Any]:
    if bundle.card.family == "gan":
        return _generator_figures(bundle, classifier, samples, drawn_by)
    with bar(gettext("Loading")) as loading:
        data = registry.load(
            dataset or bundle.card.dataset,
            train_size=1,  # only the test images are wanted, and drawing takes time
            progress=lambda _, share: loading(share or 0.0),
        )
    if bundle.card.family == row_completion.FAMILY:
        return _rows_figures(bundle, data, classifier, samples)
    with native_messages_hidden():
        measured = Classifier(bundle)
    with bar(gettext("Measuring")) as measuring:
        result = measure_classifier(measured, data.x_test, data.y_test, measuring)
    figures = {
        "dataset": data.info.name,
        "test_images": len(data.x_test),
        "test_accuracy": result.accuracy,
        "test_loss": result.loss,
        **_figures_of_letters(measured, data),
        "confusion": result.confusion.tolist(),
    }
    if bundle.card.config.get("augmentation") in MIRRORING:  # a mirror image shows the same class
        with bar(gettext("Measuring")) as measuring:
            both = measure_classifier(measured, data.x_test, data.y_test, measuring, mirrored=True)
        figures["test_accuracy_with_mirror_images"] = both.accuracy
    return figures


def _figures_of_letters(classifier: Classifier, data: Dataset) -> dict[str, float]:
    """Return how a network of letters and digits reads letters when only these are asked for."""
    if classifier.card.subject != SIGN or data.info.classes != classifier.card.classes:
        return {}
    letters = letters_of(classifier)
    places = np.array([label in letters.card.classes for label in classifier.card.classes])
    of_letters = places[data.y_test]
    labels = np.cumsum(places)[data.y_test[of_letters]] - 1
    return {"letters_accuracy": measure_classifier(letters, data.x_test[of_letters], labels).accuracy}


def _rows_figures(bundle: Bundle, data: Dataset, classifier: str | None, samples: int) -> dict[str, Any]:
    """Measure a network that draws rows by what a classifier reads in its completions of test images."""
    chosen = choose_classifier(classifier, bundle.card.classes, bundle.card.shape, unaugmented=False)
    with native_messages_hidden():
        examiner = Classifier(chosen)
    images, labels = data.x_test[:samples, ..., 0], data.y_test[:samples].astype(np.int64)
    found = row_completion.measure(row_completion.open_generator(bundle), examiner, images, labels)
    return {"classifier": chosen.name, "samples": len(images), **bundle.card.metrics, **found}


def _generator_figures(
    bundle: Bundle, classifier: str | None, samples: int, drawn_by: type[Generator]
) -> dict[str, Any]:
    """Measure a generator's images, each figure beside that of real images."""
    taught = min(TAUGHT_PER_SAMPLE * samples, registry.describe(bundle.card.dataset).train_size)
    with bar(gettext("Loading")) as loading:
        data = registry.load(
            bundle.card.dataset, train_size=taught, progress=lambda _, share: loading(share or 0.0)
        )
    with native_messages_hidden():
        generator = drawn_by(bundle)
    examination = _examination(bundle.card, classifier, data)
    examiner = examination.examiner
    with bar(gettext("Conditional accuracy")) as drawing:
        conditional = measure_generator(generator, examiner, samples, 0, drawing)
    with bar(gettext("Closeness to real images")) as comparing:
        features = partial(examination.features_of, report=comparing)
        fidelity = measure_fidelity(generator, features, data, min(samples, examination.most), 0)
    figures: dict[str, Any] = {
        "classifier": examination.classifier,
        "features": examination.network,
        "samples": samples,
        "conditional_accuracy": conditional.accuracy,
        "conditional_accuracy_real": measure_classifier(examiner, data.x_test, data.y_test).accuracy,
        "conditional_accuracy_by_class": list(conditional.by_class),
        **_scores(generator, data, examination.accuracy),
        "frechet_ratio": fidelity.frechet_ratio,
        **_flat(fidelity),
    }
    if examination.own_features:
        with bar(gettext("Closeness to real images")) as comparing:
            seen = measure_features(generator, examination.own_features, data, samples, 0, comparing)
        figures |= {
            f"{TAUGHT}_{name}": value
            for name, value in {"frechet_ratio": seen.frechet_ratio, **_flat(seen)}.items()
        }
    if bundle.card.architecture == "goodfellow2014":
        figures["parzen_log_likelihood"], figures["parzen_standard_error"] = measure_parzen(
            generator, data, samples, 0
        )
    return figures


@dataclasses.dataclass(frozen=True)
class _Examination:
    """How a generator's images are examined."""

    classifier: str  # its name
    examiner: Examiner  # has had no part in the generator's training
    network: str  # the name of the one whose features are compared
    features_of: Callable[..., np.ndarray]  # of images; ``report`` hears the share done
    most: int  # images that are compared; a large network takes long
    accuracy: float | None = None  # of the examiner, if it was taught for this and with all training images
    own_features: Features | None = None  # of the examiner, likewise; another network than ``network``


def _examination(card: Card, named: str | None, data: Dataset) -> _Examination:
    """Return the examiner of that name, the shipped one, or one that is taught now if none is shipped.

    Small classifiers see too little in images in colour, so these are compared by the shipped backbone; one
    that is taught now compares them as well.
    """
    try:
        chosen: Bundle | None = choose_classifier(named, card.classes, card.shape, unaugmented=True)
    except BundleError:
        if named:
            raise
        chosen = None
    with native_messages_hidden():
        classifier = Classifier(chosen) if chosen else None
    if chosen and classifier and card.shape[2] == 1:
        return _Examination(
            chosen.name,
            classifier,
            chosen.name,
            lambda images, report: classifier_features(classifier, images),
            len(data.x_train),
        )
    with native_messages_hidden():
        backbone = shipped_backbone()
    compared = backbone.card.architecture, backbone.features_of_images, len(data.x_test)
    if chosen and classifier:
        return _Examination(chosen.name, classifier, *compared)
    taught = _taught(data)
    name = gettext("taught for this measurement")
    return _Examination(name, taught, *compared, taught.accuracy, taught.features)


def _taught(data: Dataset) -> ScoredClassifier:
    """Return a classifier that has learnt from the real training images."""
    with quiet_tensorflow():
        from core.lab.training.classification_accuracy_score import ScoredClassifier  # noqa: PLC0415 (imports TensorFlow)

    with bar(gettext("Learning from real images")) as learning:
        return ScoredClassifier(data.x_train, data.y_train, data, progress=learning)


def choose_classifier(
    name: str | None, classes: tuple[str, ...], shape: tuple[int, int, int], *, unaugmented: bool
) -> Bundle:
    """Return the classifier of that name, or the shipped CNN of these classes and this shape without a name.

    Raises:
        BundleError: when there is no such classifier.
    """
    if name:
        return find_bundle(name)
    try:
        return shipped_classifier(classes, shape, unaugmented=unaugmented)
    except BundleError as error:
        raise BundleError("commands.name_a_classifier", error=error) from error


def _flat(fidelity: FeatureFidelity) -> dict[str, Any]:
    """Return the figures by name; those by class also as their mean, for the card."""
    figures: dict[str, Any] = {}
    for name, value in dataclasses.asdict(fidelity).items():
        if isinstance(value, tuple):
            figures[name.replace("_by_class", "")] = float(np.mean(value))
        figures[name] = list(value) if isinstance(value, tuple) else value
    return figures


def _scores(generator: Generator, data: Dataset, real: float | None) -> dict[str, float]:
    """Return the classification accuracy scores of drawn images and of as many real ones, if not known."""
    with quiet_tensorflow():
        from core.lab.training.classification_accuracy_score import classification_accuracy_score  # noqa: PLC0415 (imports TensorFlow)

    count = len(data.x_train)
    labels = np.arange(count) % len(data.info.classes)
    with bar(gettext("Drawing training images")) as drawing:
        latent, drawn = generator.latent(count, 1), []
        for i in range(0, count, SCORE_STEP):
            drawn.append(generator.draw(labels[i : i + SCORE_STEP], latent[i : i + SCORE_STEP]))
            drawing(min(1.0, (i + SCORE_STEP) / count))
    with bar(gettext("Learning from drawn images")) as learning:
        score = classification_accuracy_score(np.concatenate(drawn), labels, data, progress=learning)
    if real is None:
        with bar(gettext("Learning from real images")) as learning:
            real = classification_accuracy_score(data.x_train, data.y_train, data, progress=learning)
    return {"classification_accuracy_score": score, "classification_accuracy_score_real": real}


def _readable(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "\n" + "\n".join("".join(f"{cell:6}" for cell in row) for row in value)
    if isinstance(value, list):
        return " ".join(f"{v:.3f}" for v in value)
    return f"{value:.4f}" if isinstance(value, float) else str(value)
