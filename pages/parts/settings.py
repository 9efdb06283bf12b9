"""The settings of a training: few at first, the rest behind an expander."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.datasets import catalog as datasets
from core.models import catalog as models
from core.training.config import AUGMENTATIONS, ClassifierConfig, GanConfig

FAMILIES = {"cnn": "CNN", "rnn": "RNN", "gan": "GAN"}
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


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
    architecture = st.selectbox(
        "Architecture", models.of_family(family), format_func=lambda a: a.title, key=f"{family} architecture"
    )
    assert architecture is not None  # the list is never empty
    st.caption(architecture.summary)
    dataset = st.selectbox(
        "Data set", [datasets.info(name) for name in datasets.names()], format_func=_with_size, key="dataset"
    )
    assert dataset is not None
    st.caption(dataset.summary)
    sizes = [size for size in SIZES if size < dataset.train_size] + [dataset.train_size]
    train_size = st.select_slider(
        "Training images", sizes, min(10_000, dataset.train_size), format_func="{:,}".format
    )
    epochs = st.slider("Epochs", 1, 30, 3 if family != "gan" else 10, key=f"{family} epochs")
    return {
        "family": family,
        "architecture": architecture.name,
        "dataset": dataset.name,
        "train_size": train_size,
        "epochs": epochs,
        **_more(family),
    }


def _more(family: str) -> dict[str, Any]:
    with st.expander("More settings", icon=":material/tune:"):
        batch_size = st.select_slider("Batch size", [16, 32, 64, 128, 256], 64, key="batch size")
        values = _gan_settings() if family == "gan" else _classifier_settings()
        seed = st.number_input(
            "Seed", 0, 2**31 - 1, 0, help="The same seed and settings give the same run.", key="training seed"
        )
    return {"batch_size": batch_size, "seed": seed, **values}


def _classifier_settings() -> dict[str, Any]:
    rate = st.select_slider(
        "Learning rate, at its peak",
        [0.0003, 0.001, 0.002, 0.005, 0.01, 0.03, 0.1],
        ClassifierConfig.learning_rate,
        format_func="{:g}".format,
        help="It climbs to this over the first third of the run, then falls (one-cycle schedule).",
        key="learning rate",
    )
    augmentation = st.selectbox("Augmentation", list(AUGMENTATIONS), key="augmentation")
    assert augmentation is not None
    st.caption(AUGMENTATIONS[augmentation].capitalize() + ".")
    return {"learning_rate": rate, "augmentation": augmentation}


def _gan_settings() -> dict[str, Any]:
    rates = [0.0001, 0.0002, 0.0005, 0.001, 0.002]
    generator = st.select_slider(
        "Generator's learning rate",
        rates,
        GanConfig.generator_learning_rate,
        format_func="{:g}".format,
        key="generator rate",
    )
    discriminator = st.select_slider(
        "Discriminator's learning rate",
        rates,
        GanConfig.discriminator_learning_rate,
        format_func="{:g}".format,
        key="discriminator rate",
    )
    latent = st.select_slider(
        "Latent size", [2, 8, 16, 32, 64, 100, 128], GanConfig.latent_size, key="latent"
    )
    return {
        "generator_learning_rate": generator,
        "discriminator_learning_rate": discriminator,
        "latent_size": latent,
    }


def _with_size(info: datasets.DatasetInfo) -> str:
    if not info.download_bytes:
        return f"{info.title} (no download)"
    return f"{info.title} (a {info.download_bytes / 1e6:.0f} MB download, the first time)"
