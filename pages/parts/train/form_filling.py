"""What fills the form in: a preset, or a link with settings."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.contract import architectures as models
from core.contract import config as configs
from core.contract import config_links
from core.contract.config import ClassifierConfig, TrainingConfig
from core.contract.presets import of_family
from core.datasets import registry as datasets

# Settings that the form has no field for; a link or a preset may set them all the same.
_BESIDES = ("validation_split", "outliers", "label_smoothing", "weight_average", "r1_weight")
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
    """Fills in what the page's link says, once; then the link forgets it, and the visitor goes on from there.

    Raises:
        ConfigError: when the link holds settings that cannot be.
    """
    query = st.query_params.to_dict()
    if "family" not in query:
        return
    known = {**configs.to_dict(ClassifierConfig()), **configs.to_dict(configs.GanConfig())}
    st.query_params.from_dict({key: text for key, text in query.items() if key not in known})
    config = config_links.from_query(query)
    if config is not None:
        fill(config)


def presets(family: str) -> None:
    """A button for each preset of the family; nothing where there is none."""
    found = of_family(family)
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for preset in found:
            st.button(
                preset.title,
                icon=":material/bolt:",
                help=preset.summary,
                on_click=fill,
                args=(preset.config,),
                key=f"preset {preset.name}",
            )


def fill(config: TrainingConfig) -> None:
    """Puts a configuration into the form's fields; to be called before they are drawn."""
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
    besides = {name: values[name] for name in _BESIDES if name in values and values[name] != default[name]}
    state["besides"] = {"family": family, "values": besides}


def besides(family: str) -> dict[str, Any]:
    """What was filled in that has no field, told in a line, with a button to leave it out."""
    kept = st.session_state.get("besides", {})
    values = kept.get("values") if kept.get("family") == family else None
    if not values:
        return {}
    told = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in values.items())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"With {told}.")
        st.button("Leave out", type="tertiary", on_click=st.session_state.pop, args=("besides",))
    return values
