"""Choose the network whose gradients are computed in the visitor's own process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.bundles.bundle import pretrained_names
from core.inference.classifier import Classifier
from core.language import gettext, join
from core.subprocesses import ChildProcess
from pages.parts.shared import experiment, model_picker
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.model_picker import Choice

SUBJECT = "digit"  # of the networks that are offered
_NAME = "picture_gradients"  # of the experiment


@dataclass(frozen=True)
class ChosenNetwork:
    """A network that reads digits, and all others that do."""

    folder: Path
    reader: Classifier
    others: dict[str, Classifier]  # by title, the chosen one too


def pick_network(label: str, key: str) -> ChosenNetwork | None:
    """Draw a list of the networks that read digits, the visitor's too; None where there is none.

    A caption names those of the visitor's networks that read something else.
    """
    every = model_picker.choices("cnn", "rnn")
    found = {choice.key: choice for choice in every if choice.subject == SUBJECT}
    tell_left_out(every, SUBJECT)
    if not found:
        st.info(gettext("There is no network yet; train one first."), icon=":material/model_training:")
        return None
    chosen: str = st.selectbox(
        label, list(found), format_func=lambda name: found[name].title, key=key, width=280
    )
    others = {choice.title: model_picker.classifier(choice) for choice in found.values()}
    return ChosenNetwork(found[chosen].folder, model_picker.classifier(found[chosen]), others)


def tell_left_out(every: Sequence[Choice], subject: str) -> None:
    """Say which of the visitor's networks are not offered, because they read something else."""
    shipped = pretrained_names()
    names = [one.title for one in every if one.key not in shipped and one.subject != subject]
    if names:
        st.caption(
            gettext(
                "Not offered here, because they do not read these pictures: {networks}.",
                networks=join(map(escape_markdown, names)),
            )
        )


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
