"""Name the data sets and the networks that shipped measurements are about."""

from __future__ import annotations

from collections.abc import Mapping

from core.bundles.bundle import PRETRAINED, pretrained_names, read_card
from core.inference.classifier import Classifier
from core.language import N_, gettext
from core.remedies.adversarial_training import ADVERSARIAL, PLAIN
from core.remedies.distillation import DISTILLED
from core.remedies.ensembles import members
from core.runs.report.titles import model_title
from pages.parts.shared import link_choice, model_picker
from pages.parts.shared.option_picker import pick_option

DATASETS = {"mnist": N_("Digits"), "fashion_mnist": N_("Clothes")}
TRAINED = {  # networks that are not among the shipped models
    DISTILLED: N_("Tiny CNN, distilled"),
    PLAIN: N_("Without adversarial training"),
    ADVERSARIAL: N_("With adversarial training"),
}
KEY = "dataset"  # of the choice and of the link's parameter


def pick_dataset(datasets: Mapping[str, str] = DATASETS) -> str:
    """Draw a choice among the measured data sets, which the link keeps; return the chosen one's name."""
    link_choice.restore(KEY, list(datasets), "mnist", {label: name for name, label in datasets.items()})
    chosen = pick_option(gettext("Pictures"), datasets, KEY)
    link_choice.publish(KEY, "mnist")
    return chosen


def network_name(name: str) -> str:
    """Return what visitors read for a network or an ensemble."""
    names = members(name)
    if len(names) > 1:
        return gettext("Ensemble of {count}", count=len(names))
    if name in TRAINED:
        return gettext(TRAINED[name])
    if name not in pretrained_names():
        return name
    return model_title(read_card(PRETRAINED / name), "shipped")


def shipped_readers(names: list[str]) -> dict[str, Classifier]:
    """Return those of the named networks that are shipped, ready to read."""
    choices = {choice.key: choice for choice in model_picker.choices("cnn", "rnn")}
    return {name: model_picker.classifier(choices[name]) for name in names if name in choices}
