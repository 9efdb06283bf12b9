"""Fill in the form from a preset or from a link with settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from core.contract import architectures as models
from core.contract import config as configs
from core.contract import config_links
from core.contract.config import ClassifierConfig, TrainingConfig
from core.contract.dataset_info import OFFLINE_DEFAULT
from core.contract.field_labels import label
from core.contract.presets import of_family
from core.datasets import registry as datasets
from core.language import N_, gettext

# Settings without a field in the form, which a link or a preset may still set.
OTHER_SETTINGS = (
    "validation_split",
    "outliers",
    "rare_forms",
    "optimizer",
    "label_smoothing",
    "weight_decay",
    "weight_average",
    "r1_weight",
    "held_rate",
    "translation",
)
SETTING = N_("{label}: {value}")
_SETTINGS = {**configs.to_dict(ClassifierConfig()), **configs.to_dict(configs.GanConfig())}
_WRITTEN = "settings in the link"
_MISSING = "missing data set"
_FIELDS = {
    "batch_size": "batch size",
    "seed": "training seed",
    "learning_rate": "learning rate",
    "augmentation": "augmentation",
    "patience": "patience",
    "generator_learning_rate": "generator rate",
    "discriminator_learning_rate": "discriminator rate",
    "latent_size": "latent",
}


def from_link() -> None:
    """Fill in the settings of the page's link, unless the form itself wrote them there.

    Without any in the link, fill in those that the form had before a visit to another page.

    Raises:
        ConfigError: when the link holds settings that cannot be.
    """
    linked, written = _linked(), st.session_state.get(_WRITTEN)
    if linked and linked != written:
        st.session_state[_WRITTEN] = linked  # an error is shown once, not at every run of the page
        config = config_links.from_query(linked)
    elif written and "family" not in st.session_state:
        config = config_links.from_query(written)
    else:
        return
    if config is not None:
        fill(config)


def is_linked() -> bool:
    """Return whether the page's link holds settings."""
    return bool(_linked())


def write_link(config: TrainingConfig) -> None:
    """Put the form's settings into the page's link, where a reload finds them."""
    written = dict(parse_qsl(config_links.to_query(config)))
    st.session_state[_WRITTEN] = written
    if written != _linked():
        kept = {key: text for key, text in st.query_params.to_dict().items() if key not in _SETTINGS}
        st.query_params.from_dict({**kept, **written})


def _linked() -> dict[str, str]:
    return {key: text for key, text in st.query_params.to_dict().items() if key in _SETTINGS}


def presets(family: str) -> None:
    """Draw a button for each preset of the family."""
    found = of_family(family)
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for preset in found:
            st.button(
                gettext(preset.title),
                icon=":material/bolt:",
                help=gettext(preset.summary),
                on_click=_take,
                args=(preset.config,),
                key=f"preset {preset.name}",
            )
    if (missing := st.session_state.pop(_MISSING, None)) is not None:
        st.info(
            gettext(
                "{dataset} is not here, and its server does not answer. Digits drawn by the app’s own "
                "generator take its place.",
                dataset=missing,
            ),
            icon=":material/cloud_off:",
        )


def _take(config: TrainingConfig) -> None:
    """Fill in a preset, with the data set that is always here if its own cannot be had."""
    if not datasets.is_within_reach(config.dataset):
        st.session_state[_MISSING] = datasets.describe(config.dataset).title
        config = replace(config, dataset=OFFLINE_DEFAULT)
    fill(config)


def fill(config: TrainingConfig) -> None:
    """Put a configuration into the form's fields; call this before they are drawn."""
    values, state, family = configs.to_dict(config), st.session_state, config.family
    dataset = datasets.describe(config.dataset)
    state["family"] = family
    state[f"{family} architecture"] = models.get(config.architecture)
    state["dataset"] = dataset
    state[f"{dataset.name} images"] = config.train_size or dataset.train_size
    state[f"{family} epochs"] = config.epochs
    for name, key in _FIELDS.items():
        if name in values:
            state[key] = values[name]
    state["time limit"] = None if config.time_limit is None else config.time_limit / 60
    if isinstance(config, ClassifierConfig):
        target = config.target_accuracy
        state["target accuracy"] = None if target is None else round(100 * target, 6)
    default = configs.to_dict(type(config)(family=family, architecture=config.architecture))
    other = {
        name: values[name] for name in OTHER_SETTINGS if name in values and values[name] != default[name]
    }
    state["other settings"] = {"family": family, "values": other}


def keep_hidden_fields(families: Iterable[str]) -> None:
    """Keep the fields that only other families have: Streamlit forgets a field that is not drawn."""
    own = (f"{family} {field}" for family in families for field in ("architecture", "epochs"))
    for key in (*own, *_FIELDS.values(), "target accuracy"):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def other_settings(family: str) -> dict[str, Any]:
    """Return settings that have no field, after listing them with a button that removes them."""
    kept = st.session_state.get("other settings", {})
    values = kept.get("values") if kept.get("family") == family else None
    if not values:
        return {}
    st.caption(gettext("Also set by the preset or link:"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for name, value in values.items():
            st.badge(gettext(SETTING, label=label(name), value=_shown(value)), color="gray")
        st.button(
            gettext("Remove"),
            type="tertiary",
            on_click=st.session_state.pop,
            args=("other settings",),
            key="remove other settings",
        )
    return values


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"
