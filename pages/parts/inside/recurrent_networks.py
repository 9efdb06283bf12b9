"""Find the recurrent networks that Inside can show, and read the visitor's picture with them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from core.bundles.bundle import Bundle
from core.bundles.saved_weights import read_layers
from core.contract.dataset_info import DIGITS
from core.contract.evaluation import softmax
from core.errors import BundleError
from core.inside.layer_steps import as_input
from core.inside.row_reader import RowReader, RowReading, as_rows, read, reader
from core.inside.vanishing_gradients import read_networks
from core.language import gettext
from pages.parts.inside import link_values, own_model
from pages.parts.inside.own_model import OwnModel
from pages.parts.shared import model_picker, own_runs
from pages.parts.shared.process_cache import kept_in_process

CHOSEN = ("row", "unit", "recurrent")  # values of the link that belong to one network


@dataclass(frozen=True)
class RecurrentNetwork:
    """A network that reads images row by row, with what it needs to do so."""

    title: str
    reader: RowReader
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    temperature: float = 1.0


@dataclass(frozen=True)
class PictureReading:
    """Results of a network for the visitor's picture."""

    network: RecurrentNetwork
    image: np.ndarray  # H×W×C, 0 to 1
    reading: RowReading
    probabilities: np.ndarray  # T×classes: after each row


def pick() -> RecurrentNetwork:
    """Return the network of the link: a shipped one, the visitor's, or one of those that are compared.

    A list to choose another one is shown.

    Raises:
        BundleError: when there is none, or the chosen one cannot be shown.
    """
    own_runs.remember_id(st.query_params.get("network"))
    place = st.container(width="content")
    own_model.offer(reads_rows=True)
    known = _known()
    titles = {key: title for key, (title, _) in known.items()}
    with place:
        key = link_values.select(gettext("Network"), "network", titles, width=320, forgets=CHOSEN)
    return known[key][1]()


def compared() -> dict[str, RecurrentNetwork]:
    """Return a SimpleRNN, a GRU and an LSTM trained with the same settings, by the kind of cell."""
    return {kind: RecurrentNetwork(kind, made, (28, 28, 1), DIGITS) for kind, made in _compared().items()}


def read_picture(network: RecurrentNetwork, glyph: np.ndarray) -> PictureReading:
    """Return what a network computes from a glyph (28×28 uint8), with its probabilities after each row."""
    image = as_input(glyph, network.shape)
    reading = read(network.reader, as_rows(image[None]))
    return PictureReading(network, image, reading, softmax(reading.logits[0] / network.temperature))


def _known() -> dict[str, tuple[str, Callable[[], RecurrentNetwork]]]:
    """Return title and loader of each network, by its id in links."""
    found: dict[str, tuple[str, Callable[[], RecurrentNetwork]]] = {}
    for choice in model_picker.choices("rnn"):
        bundle = model_picker.classifier(choice).bundle
        found[choice.key] = (choice.title, lambda bundle=bundle: _of_bundle(bundle))  # type: ignore[misc]
    with suppress(BundleError):  # they ship with the app; the others can be shown without them
        for kind, network in compared().items():
            title = gettext("{kind}, small, from “Three cells”", kind=kind)
            found[f"compared-{kind.lower()}"] = (title, lambda n=network: n)  # type: ignore[misc]
    if own := own_model.kept(reads_rows=True):
        found[own_model.KEY] = (own_model.title(own), lambda: _of_file(own))
    if not found:
        raise BundleError("inside.no_recurrent_network")
    return found


def _of_bundle(bundle: Bundle) -> RecurrentNetwork:
    card = bundle.card
    made = _reader(bundle.folder, card.files["model.keras"], bundle)
    return RecurrentNetwork(card.title, made, card.shape, card.classes, card.temperature)


def _of_file(own: OwnModel) -> RecurrentNetwork:
    made = reader(own.model.layers)
    return RecurrentNetwork(
        own_model.title(own), made, own.model.shape, tuple(map(str, range(len(made.bias))))
    )


@kept_in_process(8)
def _reader(folder: Path, digest: str, _bundle: Bundle) -> RowReader:
    return reader(read_layers(_bundle))


@kept_in_process()
def _compared() -> dict[str, RowReader]:
    return read_networks()
