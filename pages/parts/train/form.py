"""The form: few settings at first, the rest behind an expander."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.contract import architectures as models
from core.contract.config import AUGMENTATIONS, ClassifierConfig, GanConfig
from core.contract.dataset_info import DRAWN, DatasetInfo
from core.datasets import registry as datasets
from core.errors import DatasetError
from pages.parts.shared.model_picker import choices
from pages.parts.train import form_filling

FAMILIES = {"cnn": "CNN", "rnn": "RNN", "gan": "GAN"}
EPOCHS = {"cnn": 3, "rnn": 3, "gan": 10}
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
Number = TypeVar("Number", int, float)


def choose() -> dict[str, Any]:
    """Draws the widgets; returns what they say, as a configuration's mapping."""
    family = st.segmented_control(
        "Family",
        list(FAMILIES),
        default="cnn",
        required=True,
        format_func=lambda name: FAMILIES[name],
        key="family",
    )
    assert family is not None  # a choice is required
    form_filling.presets(family)
    architecture = st.selectbox(
        "Architecture", models.of_family(family), format_func=lambda a: a.title, key=f"{family} architecture"
    )
    assert architecture is not None  # the list is never empty
    st.caption(architecture.summary)
    dataset = st.selectbox("Data set", _datasets(), format_func=_with_size, key="dataset")
    assert dataset is not None
    st.caption(dataset.summary)
    images, epochs = st.columns(2)
    return {
        "family": family,
        "architecture": architecture.name,
        "dataset": dataset.name,
        "train_size": _train_size(images, dataset),
        "epochs": epochs.number_input("Epochs", 1, 1000, EPOCHS[family], key=f"{family} epochs"),
        **_more(family),
        **form_filling.besides(family),
    }


def name() -> str:
    """What the visitor calls the run; nothing, mostly."""
    return str(st.session_state.get("run name") or "").strip()


def _datasets() -> list[DatasetInfo]:
    """The data sets, those that the visitor's own generators draw among them."""
    infos = datasets.offered()
    known = {info.name for info in infos}
    for choice in choices("gan"):
        name = f"{DRAWN}{choice.key}"
        if name not in known:
            with suppress(DatasetError):  # one that takes no class draws no data
                infos.append(datasets.describe(name))
    return infos


def _train_size(place: DeltaGenerator, dataset: DatasetInfo) -> int:
    most = dataset.train_size if dataset.download_bytes else max(SIZES)  # what is drawn here has no end
    sizes = [*(size for size in SIZES if size < most), most]
    return _one_of(place, "Training images", sizes, min(10_000, dataset.train_size), f"{dataset.name} images")


def _more(family: str) -> dict[str, Any]:
    with st.expander("More settings", icon=":material/tune:"):
        left, right = st.columns(2)
        batch_size = _one_of(left, "Batch size", [16, 32, 64, 128, 256], 64, "batch size")
        seed = right.number_input(
            "Seed", 0, 2**31 - 1, 0, help="The same seed and settings give the same run.", key="training seed"
        )
        values = _gan_settings() if family == "gan" else _classifier_settings()
        st.text_input("Name", max_chars=60, placeholder="what you call it", key="run name")
        minutes = st.number_input(
            "Stop after minutes of training", 0.05, 10_000.0, None, placeholder="never", key="time limit"
        )
    limit = None if minutes is None else 60 * minutes
    return {"batch_size": batch_size, "seed": seed, **values, "time_limit": limit}


def _classifier_settings() -> dict[str, Any]:
    rate = _one_of(
        st,
        "Learning rate, at its peak",
        [0.0003, 0.001, 0.002, 0.005, 0.01, 0.03, 0.1],
        ClassifierConfig.learning_rate,
        "learning rate",
        help="It climbs to this over the first third of the run, then falls (one-cycle schedule).",
    )
    augmentation = st.selectbox(
        "Augmentation", list(AUGMENTATIONS), format_func=str.capitalize, key="augmentation"
    )
    assert augmentation is not None
    st.caption(AUGMENTATIONS[augmentation].capitalize() + ".")
    target, patience = st.columns(2)
    wanted = target.number_input(
        "Stop at validation accuracy (%)", 1.0, 100.0, None, placeholder="never", key="target accuracy"
    )
    return {
        "learning_rate": rate,
        "augmentation": augmentation,
        "target_accuracy": None if wanted is None else wanted / 100,
        "patience": patience.number_input(
            "Stop after epochs without progress",
            1,
            100,
            None,
            placeholder="never",
            help="Epochs in which the validation loss does not fall.",
            key="patience",
        ),
    }


def _gan_settings() -> dict[str, Any]:
    rates = [0.0001, 0.0002, 0.0005, 0.001, 0.002]
    return {
        "generator_learning_rate": _one_of(
            st, "Generator's learning rate", rates, GanConfig.generator_learning_rate, "generator rate"
        ),
        "discriminator_learning_rate": _one_of(
            st,
            "Discriminator's learning rate",
            rates,
            GanConfig.discriminator_learning_rate,
            "discriminator rate",
        ),
        "latent_size": _one_of(
            st,
            "Latent size",
            [2, 8, 16, 32, 64, 100, 128],
            GanConfig.latent_size,
            "latent",
            help="How many random numbers the generator starts from.",
        ),
    }


def _one_of(
    place: Any, label: str, numbers: list[Number], default: Number, key: str, help: str | None = None
) -> Number:
    """A list to choose a number from; without a search field, for which a phone would open its keyboard.

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
    if not info.download_bytes:
        return f"{info.title} (no download)"
    return f"{info.title} (a {info.download_bytes / 1e6:.0f} MB download, the first time)"
