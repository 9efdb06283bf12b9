"""Define ``measure-remedies``: measure what the page Remedies shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np

from core.bundles.bundle import PRETRAINED, open_bundle, pretrained, pretrained_names, read_card
from core.commands.common import bar, errors_in_one_line, quiet_tensorflow
from core.commands.remedy_trainings import TRAININGS, begun
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.errors import ConfigError
from core.images.corruption_kinds import KINDS
from core.inference.classifier import Classifier
from core.language import gettext
from core.remedies import (
    attack_table,
    compression,
    corruption_table,
    distillation,
    explanation_table,
    stored_answers,
)
from core.remedies.attack_table import Attack, AttackTable
from core.remedies.compression import RECIPES, CompressionTable, Recipe
from core.remedies.corruption_table import CorruptionTable
from core.remedies.data_curves import PLANS
from core.remedies.ensembles import ensemble_name
from core.remedies.explanation_table import (
    Explain,
    ExplanationTable,
    MeasuredMap,
    explainers,
    measure_maps,
)
from core.remedies.shipped_files import shipped_file, write_measurement
from core.remedies.stored_answers import StoredAnswers

FOREIGN = {"mnist": "fashion_mnist", "fashion_mnist": "mnist"}  # whose images show none of the classes
FOREIGN_IMAGES = 2000
COLOUR_IMAGES = 8000  # training images of a colour set: the backbone's features of more take minutes


@click.command("measure-remedies", short_help="Measure what the page Remedies shows.")
@click.argument(
    "part",
    type=click.Choice(
        ["corruptions", "answers", "attacks", "compression", "explanations", *TRAININGS],
    ),
)
@click.option("--dataset", default="mnist", show_default=True, type=click.Choice(list(PLANS)))
@click.option("--images", default=10_000, show_default=True, type=click.IntRange(1), help="Test images.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="By default the shipped file.")
@errors_in_one_line
def measure_remedies(part: str, dataset: str, images: int, seed: int, out: Path | None) -> None:
    """Measure one PART of the page Remedies with the shipped networks of a data set.

    corruptions: errors of networks and ensembles under fifteen kinds of corruption at five strengths. What
    has been measured is kept; the same call goes on where it was stopped.

    answers: probabilities for all test images, and for images of another data set.

    attacks: accuracy after adversarial steps along the gradients of each network, for all networks.

    compression: size, accuracy, calibration and errors of networks, pruned, trained again, distilled and
    with fewer bits. What has been measured is kept, too.

    explanations: whether maps of explanation find the pixels that a network uses.

    data: accuracy after learning from few pictures, with each remedy. It trains many networks, and goes on
    where it was stopped; --seed is not used. It alone measures CIFAR-10.

    adversarial: accuracy of a network that learnt from attacked images, and of one that did not.

    distil: train a tiny network on the probabilities of a large one, for compression to measure.
    """
    data = registry.load(dataset, train_size=None if dataset in FOREIGN else COLOUR_IMAGES)
    if images > len(data.x_test):
        raise ConfigError("remedies.too_few_images", count=len(data.x_test), wanted=images)
    data = replace(data, x_test=data.x_test[:images], y_test=data.y_test[:images])
    if part in TRAININGS:
        TRAININGS[part](data, seed, out)
        return
    measured = {
        "corruptions": _measure_corruptions,
        "answers": _measure_answers,
        "attacks": _measure_attacks,
        "compression": _measure_compression,
        "explanations": _measure_explanations,
    }
    measured[part](data, _shipped_networks(dataset), seed, out)


def _shipped_networks(dataset: str) -> dict[str, Classifier]:
    """Return the shipped classifiers of a data set by name.

    Raises:
        ConfigError: when there is none.
    """
    cards = {name: read_card(PRETRAINED / name) for name in pretrained_names()}
    found = [n for n, card in cards.items() if card.dataset == dataset and card.family in ("cnn", "rnn")]
    if not found:
        raise ConfigError("remedies.no_networks", dataset=dataset)
    return {name: Classifier(pretrained(name)) for name in found}


def _measure_corruptions(
    data: Dataset, networks: Mapping[str, Classifier], seed: int, out: Path | None
) -> None:
    file = out or shipped_file(corruption_table.FILE, data.info.name)
    table = begun(_empty_table(data, networks, seed), file, clean={}, errors={})
    readers = {name: network.probabilities for name, network in networks.items()}
    with bar(gettext("Measuring")) as shown:

        def keep(found: CorruptionTable) -> None:
            write_measurement(found, file)
            shown(len(found.errors) / len(KINDS))

        table = corruption_table.measure(table, readers, data.x_test, data.y_test, keep)
    for network in table.networks:
        click.echo(
            gettext(
                "{network:24} clean {clean:.2%}  corrupted {error:.2%}  mCE {relative:.1%}",
                network=network,
                clean=table.clean[network],
                error=table.mean_error(network),
                relative=table.relative_error(network),
            )
        )


def _empty_table(data: Dataset, networks: Mapping[str, Classifier], seed: int) -> CorruptionTable:
    """Return an empty table of each network and, where there are several, of all together."""
    plain = [n for n, one in networks.items() if one.card.config.get("augmentation", "none") == "none"]
    return CorruptionTable(
        dataset=data.info.name,
        images=len(data.x_test),
        seed=seed,
        networks=_with_all_together(networks),
        baseline=(plain or list(networks))[0],
    )


def _with_all_together(networks: Iterable[str]) -> tuple[str, ...]:
    """Return the networks' names and, if there are several, that of the ensemble of all."""
    names = tuple(networks)
    return (*names, ensemble_name(names)) if len(names) > 1 else names


def _measure_answers(data: Dataset, networks: Mapping[str, Classifier], seed: int, out: Path | None) -> None:
    file = out or shipped_file(stored_answers.FILE, data.info.name)
    other = registry.load(FOREIGN[data.info.name]).x_test
    foreign = other[np.random.default_rng(seed).permutation(len(other))[:FOREIGN_IMAGES]]
    tests: dict[str, np.ndarray] = {}
    strangers: dict[str, np.ndarray] = {}
    with bar(gettext("Measuring")) as shown:
        for name, network in networks.items():
            tests[name], strangers[name] = network.probabilities(data.x_test), network.probabilities(foreign)
            shown(len(tests) / len(networks))
    pictures = stored_answers.first_of_each_class(data.x_test, data.y_test)
    stored_answers.write_answers(StoredAnswers(data.y_test, pictures, tests, strangers), file)
    for name, probabilities in tests.items():
        right = float(np.mean(probabilities.argmax(axis=1) == data.y_test))
        click.echo(gettext("{network:24} accuracy {accuracy:.2%}", network=name, accuracy=right))


def _measure_attacks(data: Dataset, networks: Mapping[str, Classifier], seed: int, out: Path | None) -> None:
    file = out or shipped_file(attack_table.FILE, data.info.name)
    table = AttackTable(
        dataset=data.info.name, images=len(data.x_test), networks=_with_all_together(networks)
    )
    attacks = _attacks(networks)
    readers = {name: network.probabilities for name, network in networks.items()}
    with bar(gettext("Measuring")) as shown:

        def keep(found: AttackTable) -> None:
            write_measurement(found, file)
            shown(len(found.accuracy) / len(attacks))

        table = attack_table.measure(table, attacks, readers, data.x_test, data.y_test, keep)
    for attack, by_network in table.accuracy.items():
        for network, accuracy in by_network.items():
            percents = " ".join(f"{share:7.1%}" for share in accuracy)
            click.echo(f"{attack:16} {network:24} {percents}")


def _attacks(networks: Mapping[str, Classifier]) -> dict[str, Attack]:
    """Return the attacks along each network's gradients by each method, by name."""
    with quiet_tensorflow():
        from core.lab.experiments.picture_gradients import PictureGradients  # noqa: PLC0415 (TensorFlow)

    def attack(gradients: PictureGradients, method: str) -> Attack:
        return lambda images, labels, strength: gradients.attack_all(images, labels, strength, method)

    found: dict[str, Attack] = {}
    for name, network in networks.items():
        gradients = PictureGradients(lambda told, share: None, str(network.bundle.folder))
        for method in attack_table.METHODS:
            found[attack_table.attack_name(method, name)] = attack(gradients, method)
    return found


def _measure_compression(
    data: Dataset, networks: Mapping[str, Classifier], seed: int, out: Path | None
) -> None:
    with quiet_tensorflow():
        from core.lab.publishing.compression import publish_compressed, thinned  # noqa: PLC0415 (TensorFlow)

    file = out or shipped_file(compression.FILE, data.info.name)
    table = begun(CompressionTable(data.info.name, len(data.x_test), ()), file, networks=())
    compressed = next(name for name, network in networks.items() if network.card.family == "cnn")
    bundles = {name: network.bundle for name, network in networks.items()}
    student = shipped_file(distillation.FOLDER, data.info.name)
    if student.exists():
        bundles[distillation.DISTILLED] = open_bundle(student)
    plan = [(compressed, recipe) for recipe in RECIPES]
    plan += [(name, RECIPES[0]) for name in bundles if name != compressed]  # as they are shipped
    plan.sort(key=lambda each: each[1].fine_tuned)  # what takes long comes last
    done = {(one.network, one.recipe) for one in table.networks}

    @cache
    def thin(pruned: float, fine_tuned: bool) -> Any:
        return thinned(bundles[compressed], Recipe(RECIPES[0].form, pruned, fine_tuned), data)

    with bar(gettext("Measuring")) as shown, TemporaryDirectory() as folder:
        for i, (name, recipe) in enumerate(plan):
            if (name, recipe) not in done:
                bundle = bundles[name]
                if name == compressed:
                    model = thin(recipe.pruned, recipe.fine_tuned)
                    publish_compressed(bundle, model, recipe, data, Path(folder) / str(i), bundle.card.title)
                    bundle = open_bundle(Path(folder) / str(i))
                found = compression.measured(bundle, recipe, name, data.x_test, data.y_test)
                table = replace(table, networks=(*table.networks, found))
                write_measurement(table, file)
            shown((i + 1) / len(plan))
    for one in table.networks:
        click.echo(
            f"{one.network:12} {one.form:9} {one.pruned:4.0%} {one.fine_tuned!s:5} {one.kilobytes:7.0f} kB "
            f"{one.packed_kilobytes:7.0f} kB {one.accuracy:7.2%} {one.calibration_error:7.2%} "
            f"{one.spoilt_error:7.2%} {one.milliseconds:6.2f} ms"
        )


def _measure_explanations(
    data: Dataset, networks: Mapping[str, Classifier], seed: int, out: Path | None
) -> None:
    file = out or shipped_file(explanation_table.FILE, data.info.name)
    found: dict[str, dict[str, MeasuredMap]] = {}
    with bar(gettext("Measuring")) as shown:
        for name, network in networks.items():
            found[name] = _measured_maps(network, data.x_test, seed)
            shown(len(found) / len(networks))
    table = ExplanationTable(dataset=data.info.name, images=len(data.x_test), seed=seed, networks=found)
    write_measurement(table, file)
    for name, maps in found.items():
        for kind, one in maps.items():
            click.echo(f"{name:12} {kind:10} gap {one.gap:6.3f}  correlation {one.correlation:6.3f}")


def _measured_maps(network: Classifier, images: np.ndarray, seed: int) -> dict[str, MeasuredMap]:
    with quiet_tensorflow():
        from core.lab.experiments.picture_gradients import PictureGradients  # noqa: PLC0415 (TensorFlow)
        from core.lab.publishing.compression import publish_untrained  # noqa: PLC0415 (TensorFlow)

    def maps(classifier: Classifier, seed: int) -> dict[str, Explain]:
        gradients = PictureGradients(lambda told, share: None, str(classifier.bundle.folder))
        return explainers(classifier, lambda image, label: gradients.integrated(image, label)["heat"], seed)

    with TemporaryDirectory() as folder:
        publish_untrained(network.bundle, seed, Path(folder) / "untrained")
        untrained = Classifier(open_bundle(Path(folder) / "untrained"))
        return measure_maps(network, maps(network, seed), maps(untrained, seed + 1), images)
