"""Pick a model among those shipped with the app and those that this visitor has trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from core.bundles.bundle import PRETRAINED, Card, open_bundle, pretrained_names, read_card
from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import own_class_sets
from core.class_sets.taught_set import with_pictures
from core.contract.architectures import ENSEMBLE
from core.contract.dataset_info import OWN
from core.contract.preprocessing import WHOLE
from core.errors import LabError
from core.inference.classifier import Classifier
from core.inference.critic import SoundGenerator
from core.inference.discriminator import Discriminator
from core.inference.generator import Generator
from core.inference.word_classifier import open_classifier
from core.language import gettext
from core.runs.report.titles import model_title
from pages.parts.shared import own_class_sets as own_sets
from pages.parts.shared import own_runs
from pages.parts.shared.distinct_labels import distinct
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.process_cache import kept_in_process

MODEL = "model"  # in the link
CHOSEN = "chosen generator"  # in the session's state
PREFERRED = "avatars"  # the key of the generator that draws at first, where it is shipped
UNNAMED = "dcgan"  # the key of the generator that is meant by links which name none, but say what it draws:
OF_IMAGES = {"part", "seed", "count", "classes", "scale", "image", "sound"}  # these were made before avatars


@dataclass(frozen=True)
class Choice:
    """A model that can be picked."""

    key: str  # a shipped name or a run's id, as in links
    title: str
    family: str
    classes: tuple[str, ...]
    subject: str  # an id of what its images show, such as "digit"
    task: tuple[tuple[str, ...], str]  # see Card.task
    folder: Path
    taught: ClassSet | None = None  # the class set that is learnt; without it, the folder is a bundle


def choices(*families: str) -> list[Choice]:
    """Return the models of these families, the shipped ones first.

    The generator of avatars comes behind those of small grey images, which other pages draw with.
    """
    names = sorted(pretrained_names(), key=lambda name: name == PREFERRED)
    shipped = [_choice(name, PRETRAINED / name, "shipped") for name in names]
    own = [_choice(run.id, run.bundle, "own") for run in own_runs.runs() if run.bundle.is_dir()]
    found = [choice for choice in (*shipped, *own) if choice is not None and choice.family in families]
    if "backbone" in families:
        found += _taught_choices()
    titles = distinct([choice.title for choice in found])
    return [replace(choice, title=title) for choice, title in zip(found, titles, strict=True)]


def default_pair(found: list[Choice]) -> list[Choice]:
    """Return the first model and the next one with the same classes, which are chosen at first."""
    return [choice for choice in found if choice.task == found[0].task][:2]


def pick_generator() -> Choice | None:
    """Draw a picker of one generator, which the link names, if there are several, and return the choice."""
    found = {choice.key: choice for choice in choices("gan")}
    asked = st.query_params.get(MODEL, st.session_state.get(CHOSEN))  # a visit elsewhere forgets no choice
    if asked is not None and asked not in found and (linked := _shared_generator(asked)):
        found[asked] = linked
    if not found:
        return None
    if asked is not None and asked not in found:
        st.info(
            gettext(
                "The generator of this link, “{name}”, does not exist here; another one draws instead.",
                name=escape_markdown(asked[:40]),
            ),
            icon=":material/info:",
        )
        _choose(None)
        asked = None
    if len(found) == 1:
        return next(iter(found.values()))
    chosen = st.session_state["generator"] = st.session_state[CHOSEN] = asked or _first(found)
    if MODEL not in st.query_params and chosen != UNNAMED:
        st.query_params[MODEL] = chosen
    st.selectbox(
        gettext("Generator"),
        list(found),
        format_func=lambda key: found[key].title,
        key="generator",
        on_change=_link,
    )
    return found[st.session_state["generator"]]


def _first(found: Mapping[str, Choice]) -> str:
    """Return the key of the generator that draws at first, or that a link without a name means."""
    wanted = UNNAMED if OF_IMAGES & set(st.query_params) else PREFERRED
    return wanted if wanted in found else next(iter(found))


def _link() -> None:
    """Name the chosen generator in the link; what the link says about images stays."""
    _choose(st.session_state["generator"])


def _choose(key: str | None) -> None:
    st.session_state[CHOSEN] = key
    if key is None:
        st.query_params.pop(MODEL, None)
    else:
        st.query_params[MODEL] = key


def _shared_generator(run_id: str) -> Choice | None:
    """Return the generator of a run that another visitor shared; knowing its id is the right to see it."""
    try:
        run = own_runs.store().open(run_id)
    except LabError:
        return None
    choice = _choice(run.id, run.bundle, "shared")
    return choice if choice is not None and choice.family == "gan" else None


def card(choice: Choice) -> Card:
    """Return the card of a choice."""
    if choice.taught is not None:
        return own_sets.card(choice.taught)
    return _card(choice.folder, _stamp(choice.folder))


def classifier(choice: Choice) -> Classifier:
    """Return the classifier of a choice, shared by all visitors.

    Raises:
        BundleError: when its bundle is damaged.
    """
    if choice.taught is not None:
        return own_sets.classifier(choice.taught)
    return _classifier(choice.folder, _stamp(choice.folder))


def generator(choice: Choice) -> Generator:
    """Return the generator of a choice, shared by all visitors.

    Raises:
        BundleError: when its bundle is damaged.
    """
    return _generator(choice.folder, _stamp(choice.folder))


def sound_generator(choice: Choice) -> SoundGenerator | None:
    """Return the generator of a choice that leaves out broken images, shared; None if it has no critic.

    Raises:
        BundleError: when its bundle is damaged.
    """
    return (
        _sound_generator(choice.folder, _stamp(choice.folder))
        if card(choice).sound_from is not None
        else None
    )


def discriminator(choice: Choice) -> Discriminator:
    """Return the discriminator of a choice's generator, shared by all visitors.

    Raises:
        BundleError: when its bundle is damaged, or has none.
    """
    return _discriminator(choice.folder, _stamp(choice.folder))


def network_title(title: str) -> str:
    """Return what visitors read for a card's title, or for ``ENSEMBLE``."""
    return gettext("Together") if title == ENSEMBLE else gettext(title)


def classifiers_for(choice: Choice) -> list[Choice]:
    """Return the first two classifiers that know the classes of a generator."""
    return [reader for reader in choices("cnn", "rnn") if reader.task == choice.task][:2]


@kept_in_process(16)
def _classifier(folder: Path, stamp: float) -> Classifier:
    return open_classifier(open_bundle(folder))


@kept_in_process(8)
def _generator(folder: Path, stamp: float) -> Generator:
    return Generator(open_bundle(folder))


@kept_in_process(4)
def _sound_generator(folder: Path, stamp: float) -> SoundGenerator:
    return SoundGenerator(open_bundle(folder))


@kept_in_process(8)
def _discriminator(folder: Path, stamp: float) -> Discriminator:
    return Discriminator(open_bundle(folder))


@kept_in_process(64)
def _card(folder: Path, stamp: float) -> Card:
    """Return a card after its model's files were verified; a backbone's wait until it is used."""
    card = read_card(folder)
    return card if card.family == "backbone" else open_bundle(folder).card


def _taught_choices() -> list[Choice]:
    """Return a choice for each of the visitor's class sets that can be learnt."""
    found = []
    for one in own_sets.own():
        if own_sets.can_classify(one):
            names = with_pictures(one).names
            found.append(
                Choice(
                    key=one.id,
                    title=one.name,
                    family="cnn",
                    classes=names,
                    subject=OWN,
                    task=(names, WHOLE),
                    folder=own_class_sets().folder(one.id),
                    taught=one,
                )
            )
    return found


def _choice(key: str, folder: Path, origin: str) -> Choice | None:
    try:
        card = _card(folder, _stamp(folder))
        return Choice(
            key, model_title(card, origin), card.family, card.classes, card.subject, card.task, folder
        )
    except LabError:
        return None  # a damaged model is not offered; the others are


def _stamp(folder: Path) -> float:
    """Return when the bundle was written, so that a new one is not mistaken for the old."""
    try:
        return (folder / "card.json").stat().st_mtime
    except OSError:
        return 0.0
