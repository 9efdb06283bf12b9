"""Measure the visitor's own network on spoilt pictures, and show it beside the shipped ones."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from core.bundles.bundle import pretrained_names
from core.language import gettext
from core.messages import Message
from core.remedies.corruption_table import CorruptionTable
from core.remedies.ensembles import JOIN
from pages.parts.remedies.attacked_networks import tell_left_out
from pages.parts.shared import experiment, model_picker, navigation
from pages.parts.shared.error_messages import sentence
from pages.parts.shared.model_picker import Choice

NAME = "own_corruptions"  # of the experiment
SUBJECTS = {"mnist": "digit", "fashion_mnist": "clothing"}  # of networks that read a data set
SEED = 1
_KEPT = "own corruptions"  # in the session's state: data set, network's name, what was measured


def with_own(table: CorruptionTable) -> CorruptionTable:
    """Return the table with the visitor's network, if it was measured on the same data set."""
    dataset, name, found = st.session_state.get(_KEPT, (None, "", {}))
    if dataset != table.dataset:
        return table
    errors = {
        kind: {**by_network, name: tuple(found["errors"][kind])} for kind, by_network in table.errors.items()
    }
    return dataclasses.replace(
        table,
        networks=(*table.networks, name),
        clean={**table.clean, name: found["clean"]},
        errors=errors,
    )


def measure(dataset: str) -> None:
    """Draw a list of the visitor's networks, and a button that measures one."""
    st.header(gettext("Your own network"))
    shipped = pretrained_names()
    every, subject = model_picker.choices("cnn", "rnn"), SUBJECTS[dataset]
    own = {one.key: one for one in every if one.subject == subject and one.key not in shipped}
    tell_left_out(every, subject)
    if not own:
        st.caption(gettext("Train a network on these pictures, or compress one, to see it in the table."))
        st.page_link(navigation.TRAIN, label=gettext("Train a network"), icon=":material/model_training:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key: str = st.selectbox(
            gettext("Your network"),
            list(own),
            format_func=lambda key: own[key].title,
            key=f"own network {dataset}",
            width=320,
        )
        if st.button(gettext("Measure network"), icon=":material/straighten:", key="measure own network"):
            _measure(own[key], dataset)
    kept: tuple[str, str, dict[str, Any]] | None = st.session_state.get(_KEPT)
    if kept is not None and kept[0] == dataset:
        st.caption(
            gettext(
                "Your network was measured on {count} test images, the shipped ones on more: differences of "
                "a few percentage points may be chance.",
                count=kept[2]["images"],
            )
        )
    else:
        st.caption(gettext("This takes a few seconds, in a process of your own."))


def _measure(choice: Choice, dataset: str) -> None:
    """Measure a network in a child process that ends at once, and draw the table again."""
    bar = st.empty()

    def show(told: Message, share: float | None) -> None:
        bar.progress(share or 0.0, sentence(told))

    with experiment.show_errors():
        process = experiment.start(NAME, folder=str(choice.folder), dataset=dataset)
        if process is None:
            return
        try:
            found = process.ask("measure", seed=SEED, progress=show)
        finally:
            experiment.close()
        st.session_state[_KEPT] = (dataset, choice.title.replace(JOIN, " "), found)
        experiment.rerun_fragment()
    bar.empty()
