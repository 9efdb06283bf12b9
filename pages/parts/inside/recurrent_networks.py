"""The recurrent networks that Inside can look into, and what they make of the picture."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from core.bundles.bundle import Bundle
from core.bundles.saved_weights import read_layers
from core.contract.evaluation import softmax
from core.errors import BundleError
from core.inside.layer_steps import as_input
from core.inside.row_reader import Reader, Reading, as_rows, read, reader
from core.inside.vanishing_gradients import read_networks
from pages.parts.inside import link_values
from pages.parts.shared import model_picker, own_runs

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Network:
    """One that can be chosen."""

    title: str
    reader: Reader
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    temperature: float = 1.0


@dataclass(frozen=True)
class Read:
    """What a network makes of the picture."""

    network: Network
    image: np.ndarray  # H×W×C, 0 to 1
    reading: Reading
    probabilities: np.ndarray  # T×classes


def pick() -> Network:
    """The network of the link, with a list to choose another: the shipped one, the visitor's, the compared.

    Raises:
        BundleError: when there is none, or it cannot be taken apart.
    """
    own_runs.remember_id(st.query_params.get("network"))
    known = _known()
    key = link_values.name("network", list(known), "this app and your runs")
    st.session_state["inside network"] = key
    st.selectbox(
        "Network",
        list(known),
        format_func=lambda k: known[k][0],
        key="inside network",
        width=320,
        on_change=_take,
    )
    return known[key][1]()


def compared() -> dict[str, Network]:
    """SimpleRNN, GRU and LSTM, trained alike."""
    return {kind: Network(kind, made, (28, 28, 1), DIGITS) for kind, made in _compared().items()}


def look(network: Network, glyph: np.ndarray) -> Read:
    """Has a network read the picture."""
    image = as_input(glyph, network.shape)
    reading = read(network.reader, as_rows(image[None]))
    return Read(network, image, reading, softmax(reading.logits[0] / network.temperature))


def guess(glyph: np.ndarray) -> int:
    """What the shipped CNN takes a picture for, 0 to 9; 0 where none is shipped."""
    for choice in model_picker.choices("cnn"):
        if choice.classes == DIGITS:
            return int(model_picker.classifier(choice).probabilities(glyph[None])[0].argmax())
    return 0


def _take() -> None:
    link_values.forget("row", "unit", "recurrent")
    link_values.put(network=st.session_state["inside network"])


def _known() -> dict[str, tuple[str, Callable[[], Network]]]:
    found: dict[str, tuple[str, Callable[[], Network]]] = {}
    for choice in model_picker.choices("rnn"):
        bundle = model_picker.classifier(choice).bundle
        found[choice.key] = (choice.title, lambda bundle=bundle: _of_bundle(bundle))  # type: ignore[misc]
    with suppress(BundleError):  # they ship with the app; the others can be looked into without them
        for kind, network in compared().items():
            found[f"compared-{kind}"] = (f"{kind}, small, of Three cells", lambda n=network: n)  # type: ignore[misc]
    if not found:
        raise BundleError("No RNN is at hand yet; train one first.")
    return found


def _of_bundle(bundle: Bundle) -> Network:
    card = bundle.card
    made = _reader(bundle.folder, card.files["model.keras"], bundle)
    return Network(card.title, made, card.shape, card.classes, card.temperature)


@st.cache_resource(max_entries=8, show_spinner=False)
def _reader(folder: Path, digest: str, _bundle: Bundle) -> Reader:
    return reader(read_layers(_bundle))


@st.cache_resource(show_spinner=False)
def _compared() -> dict[str, Reader]:
    return read_networks()
