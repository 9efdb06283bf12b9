"""Draw the form: a few settings at first, the rest in an expander."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.class_sets import own_remedies
from core.contract import architectures as models
from core.contract.architectures import Architecture
from core.contract.config import ClassifierConfig, GanConfig
from core.contract.dataset_info import DRAWN, OWN, DatasetInfo, prefix_of
from core.contract.field_labels import LABELS
from core.datasets import registry as datasets
from core.errors import DatasetError
from core.language import N_, gettext
from pages.parts.shared import own_class_sets
from pages.parts.shared.distinct_labels import distinct
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.model_picker import choices
from pages.parts.shared.option_picker import pick_option
from pages.parts.train import augmentations, form_filling

FAMILIES = {"cnn": N_("CNN"), "rnn": N_("RNN"), "gan": N_("GAN")}
EPOCHS = {"cnn": 3, "rnn": 3, "gan": 10}
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
Number = TypeVar("Number", int, float)


def choose() -> dict[str, Any]:
    """Draw the widgets and return their values by the names of a configuration."""
    family = pick_option(gettext(LABELS["family"]), FAMILIES, "family", default="cnn")
    form_filling.keep_hidden_fields(FAMILIES)
    form_filling.presets(family)
    architecture = st.selectbox(
        gettext(LABELS["architecture"]),
        _architectures(family),
        format_func=lambda found: gettext(found.title),
        key=f"{family} architecture",
    )
    assert architecture is not None  # the list is never empty
    st.caption(gettext(architecture.summary))
    found = _datasets()
    titles = dict(zip([info.name for info in found], distinct([*map(_with_size, found)]), strict=True))
    dataset = st.selectbox(
        gettext(LABELS["dataset"]), found, format_func=lambda info: titles[info.name], key="dataset"
    )
    assert dataset is not None
    st.caption(escape_markdown(dataset.summary))
    if prefix_of(dataset.name) == OWN:
        st.caption(gettext("A few pictures need more epochs than thousands of them: 20 or more."))
    images, epochs = st.columns(2)
    return {
        "family": family,
        "architecture": architecture.name,
        "dataset": dataset.name,
        "train_size": _train_size(images, dataset),
        "epochs": epochs.number_input(
            gettext(LABELS["epochs"]), 1, 1000, EPOCHS[family], key=f"{family} epochs"
        ),
        **_more(family),
        **form_filling.other_settings(family),
    }


def name() -> str:
    """Return the name that the visitor gives the run; usually empty."""
    return str(st.session_state.get("run name") or "").strip()


def _architectures(family: str) -> list[Architecture]:
    """Return the architectures that can learn from the data set that is chosen."""
    key, dataset = f"{family} architecture", st.session_state.get("dataset")
    own = models.FINE_TUNED if dataset is not None and prefix_of(dataset.name) == OWN else ()
    found = [*models.of_family(family), *(one for one in own if one.family == family)]
    if st.session_state.get(key) not in found:
        st.session_state.pop(key, None)
    return found


def _datasets() -> list[DatasetInfo]:
    """Return the data sets, including the visitor's classes and what the visitor's generators draw."""
    infos = datasets.offered()
    for described in own_class_sets.own():
        with suppress(DatasetError):  # one with too few pictures
            infos.append(datasets.describe(f"{OWN}:{described.id}"))
    known = {info.name for info in infos}
    for choice in choices("gan"):
        name = f"{DRAWN}{choice.key}"
        if name not in known:
            with suppress(DatasetError):  # one that takes no class draws no data
                infos.append(datasets.describe(name))
    return infos


def _train_size(place: DeltaGenerator, dataset: DatasetInfo) -> int | None:
    """Draw the choice of how many images to learn from; None: all of a visitor's own classes."""
    label, key = gettext(LABELS["train_size"]), f"{dataset.name} images"
    if prefix_of(dataset.name) == OWN:
        sizes = own_remedies.sizes(dataset.train_size, len(dataset.classes))
        chosen = _one_of(place, label, sizes, dataset.train_size, key)
        return None if chosen == dataset.train_size else chosen
    most = dataset.train_size if dataset.download_bytes else max(SIZES)  # drawn here, without an end
    sizes = [*(size for size in SIZES if size < most), most]
    return _one_of(place, label, sizes, min(10_000, dataset.train_size), key)


def _more(family: str) -> dict[str, Any]:
    with st.expander(gettext("More settings"), icon=":material/tune:"):
        left, right = st.columns(2)
        batch_size = _one_of(left, gettext(LABELS["batch_size"]), [16, 32, 64, 128, 256], 64, "batch size")
        seed = right.number_input(
            gettext(LABELS["seed"]),
            0,
            2**31 - 1,
            0,
            help=gettext("The same seed and settings give the same run."),
            key="training seed",
        )
        values = _gan_settings() if family == "gan" else _classifier_settings()
        st.text_input(gettext("Name"), max_chars=60, placeholder=gettext("optional"), key="run name")
        minutes = st.number_input(
            gettext("Time limit (minutes)"),
            0.05,
            10_000.0,
            None,
            placeholder=gettext("none"),
            key="time limit",
        )
    limit = None if minutes is None else 60 * minutes
    return {"batch_size": batch_size, "seed": seed, **values, "time_limit": limit}


def _classifier_settings() -> dict[str, Any]:
    rate = _one_of(
        st,
        gettext(LABELS["learning_rate"]),
        [0.0003, 0.001, 0.002, 0.005, 0.01, 0.03, 0.1],
        ClassifierConfig.learning_rate,
        "learning rate",
        help=gettext(
            "The rate rises to this in the first third of the run, then falls (one-cycle schedule)."
        ),
    )
    augmentation = augmentations.choose(
        gettext(LABELS["augmentation"]), ClassifierConfig.augmentation, key="augmentation"
    )
    augmentations.explain(augmentation)
    target, patience = st.columns(2)
    wanted = target.number_input(
        gettext("Target accuracy (%)"),
        1.0,
        100.0,
        None,
        placeholder=gettext("never"),
        help=gettext("Stops when the validation accuracy reaches this."),
        key="target accuracy",
    )
    return {
        "learning_rate": rate,
        "augmentation": augmentation,
        "target_accuracy": None if wanted is None else wanted / 100,
        "patience": patience.number_input(
            gettext(LABELS["patience"]),
            1,
            100,
            None,
            placeholder=gettext("never"),
            help=gettext("Stops after this many epochs in which the validation loss does not fall."),
            key="patience",
        ),
    }


def _gan_settings() -> dict[str, Any]:
    rates = [0.0001, 0.0002, 0.0005, 0.001, 0.002]
    return {
        "generator_learning_rate": _one_of(
            st,
            gettext(LABELS["generator_learning_rate"]),
            rates,
            GanConfig.generator_learning_rate,
            "generator rate",
        ),
        "discriminator_learning_rate": _one_of(
            st,
            gettext(LABELS["discriminator_learning_rate"]),
            rates,
            GanConfig.discriminator_learning_rate,
            "discriminator rate",
        ),
        "latent_size": _one_of(
            st,
            gettext(LABELS["latent_size"]),
            [2, 8, 16, 32, 64, 100, 128],
            GanConfig.latent_size,
            "latent",
            help=gettext("How many random numbers the generator starts from."),
        ),
    }


def _one_of(
    place: Any, label: str, numbers: list[Number], default: Number, key: str, help: str | None = None
) -> Number:
    """Draw a list of numbers and return the choice; it has no search field, which opens a phone's keyboard.

    A link or a preset may have filled in a number that is not in the list.
    """
    given: Number = st.session_state.get(key, default)
    options: list[Any] = numbers if given in numbers else sorted([*numbers, given], key=float)
    return place.selectbox(
        label,
        options,
        options.index(default),
        format_func="{:,}".format,
        filter_mode=None,
        help=help,
        key=key,
    )


def _with_size(info: DatasetInfo) -> str:
    if not datasets.needs_download(info.name):
        return gettext("{title} (already here)", title=info.title)
    return gettext("{title} ({size:.0f} MB download)", title=info.title, size=info.download_bytes / 1e6)
