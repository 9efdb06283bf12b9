"""Choose the network whose gradients are computed in the visitor's own process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.inference.classifier import Classifier
from core.language import gettext
from core.subprocesses import ChildProcess
from pages.parts.shared import experiment, model_picker

_NAME = "picture_gradients"  # of the experiment


@dataclass(frozen=True)
class ChosenNetwork:
    """A network that reads digits, and all others that do."""

    folder: Path
    reader: Classifier
    others: dict[str, Classifier]  # by title, the chosen one too


def pick_network(label: str, key: str) -> ChosenNetwork | None:
    """Draw a list of the networks that read digits, the visitor's too; None where there is none."""
    found = {c.key: c for c in model_picker.choices("cnn", "rnn") if c.subject == "digit"}
    if not found:
        st.info(gettext("There is no network yet; train one first."), icon=":material/model_training:")
        return None
    chosen: str = st.selectbox(
        label, list(found), format_func=lambda name: found[name].title, key=key, width=280
    )
    others = {choice.title: model_picker.classifier(choice) for choice in found.values()}
    return ChosenNetwork(found[chosen].folder, model_picker.classifier(found[chosen]), others)


def gradients_of(chosen: ChosenNetwork, button: str) -> ChildProcess | None:
    """Return the visitor's process that computes a network's gradients; before it runs, draw its button."""
    process = experiment.running(_NAME, button, folder=str(chosen.folder))
    if process is None:
        st.caption(
            gettext(
                "The gradients are computed in a process of your own, which takes a few seconds to start."
            )
        )
    return process
