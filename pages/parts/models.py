"""The model picker: what is shipped with the app and what this visitor has trained."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.bundles.bundle import PRETRAINED, Bundle, Card, open_bundle, pretrained_names
from core.datasets import catalog as datasets
from core.errors import LabError
from core.inference.classifier import Classifier
from core.inference.generator import Generator
from pages.parts import runs


@dataclass(frozen=True)
class Choice:
    """A model that can be picked."""

    key: str  # a shipped name or a run's id: what stands in links
    title: str
    family: str
    classes: tuple[str, ...]
    folder: Path


def choices(*families: str) -> list[Choice]:
    """The models of these families, the shipped ones first."""
    shipped = [_choice(name, PRETRAINED / name, "shipped") for name in pretrained_names()]
    own = [_choice(run.id, run.bundle, "your run") for run in runs.mine() if run.bundle.is_dir()]
    return [choice for choice in (*shipped, *own) if choice is not None and choice.family in families]


def pick_classifiers() -> list[Choice]:
    """A picker of any number of classifiers; at first a CNN and an RNN."""
    found = choices("cnn", "rnn")
    return st.pills(
        "Read with",
        found,
        selection_mode="multi",
        default=first_pair(found),
        format_func=lambda choice: choice.title,
        key="classifiers",
    )


def first_pair(found: list[Choice]) -> list[Choice]:
    """The first model and the next that tells the same classes apart: what is read with unless asked."""
    return [choice for choice in found if choice.classes == found[0].classes][:2]


def pick_generator() -> Choice | None:
    """A picker of one generator; nothing to pick where there is only one."""
    found = choices("gan")
    if len(found) < 2:
        return found[0] if found else None
    return st.selectbox("Generator", found, format_func=lambda choice: choice.title)


def classifier(choice: Choice) -> Classifier:
    """The classifier of a choice, shared by all visitors.

    Raises:
        BundleError: when its bundle is damaged.
    """
    return _classifier(choice.folder, _stamp(choice.folder))


def generator(choice: Choice) -> Generator:
    """The generator of a choice, shared by all visitors.

    Raises:
        BundleError: when its bundle is damaged.
    """
    return _generator(choice.folder, _stamp(choice.folder))


@st.cache_resource(max_entries=16, show_spinner=False)
def _classifier(folder: Path, stamp: float) -> Classifier:
    return Classifier(open_bundle(folder))


@st.cache_resource(max_entries=8, show_spinner=False)
def _generator(folder: Path, stamp: float) -> Generator:
    return Generator(open_bundle(folder))


@st.cache_resource(max_entries=64, show_spinner=False)
def _bundle(folder: Path, stamp: float) -> Bundle:
    return open_bundle(folder)


def _choice(key: str, folder: Path, origin: str) -> Choice | None:
    try:
        card = _bundle(folder, _stamp(folder)).card
        return Choice(key, _title(card, origin), card.family, card.classes, folder)
    except LabError:
        return None  # a damaged model is not offered; the others are


def _title(card: Card, origin: str) -> str:
    """What the model is; what it was taught if that is not digits; whose it is if it is not the app's."""
    subject = () if card.classes == datasets.info("mnist").classes else (datasets.info(card.dataset).title,)
    notes = (*subject, *(() if origin == "shipped" else (origin,)))
    return f"{card.title} ({', '.join(notes)})" if notes else card.title


def _stamp(folder: Path) -> float:
    """When the bundle was written, so that a new one is not mistaken for the old."""
    try:
        return (folder / "card.json").stat().st_mtime
    except OSError:
        return 0.0
