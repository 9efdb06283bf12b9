"""Look into a model file that the visitor brings; a child process reads it, and the session keeps it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.contract.preprocessing import GLYPH, WHOLE, standard
from core.images.archive import printable_path
from core.inside.layer_costs import step_costs
from core.inside.layer_steps import chain, run
from core.inside.model_file import MAX_LAYERS, MAX_PARAMETERS, SIDES, ModelFile
from core.language import N_, gettext
from pages.parts.inside import link_values
from pages.parts.inside.shown_network import ShownNetwork
from pages.parts.shared import experiment, uploads
from pages.parts.shared.uploads import File

KEY = "own-model"  # in links, which show it to nobody else
KEPT = "inside own model"  # in the session's state
TAKEN = "inside own model taken"  # in the session's state: the key of the last file that was read
UPLOAD = "inside own model upload"
TITLE = N_("Your file: {name}")


@dataclass(frozen=True)
class OwnModel:
    """A model file that was read."""

    name: str
    key: str  # unique to the file
    model: ModelFile


def kept(*, reads_rows: bool) -> OwnModel | None:
    """Return the visitor's model, if it reads images as asked: row by row or as a whole."""
    found: OwnModel | None = st.session_state.get(KEPT)
    return found if found is not None and found.model.reads_rows == reads_rows else None


def title(own: OwnModel) -> str:
    """Return what the visitor reads for a model in a list."""
    return gettext(TITLE, name=own.name)


def offer(*, reads_rows: bool) -> None:
    """Show the field for a model file, and read a new one."""
    with st.popover(gettext("Your own model"), icon=":material/upload_file:", key="inside own model field"):
        st.caption(
            gettext(
                "A file that Keras 3 wrote, such as model.save(“name.keras”). It is read as data, in a "
                "process of its own; no code in it is run. It must be a Sequential or Functional model with "
                "up to {layers} layers and {parameters:,} parameters, for grey or colour images of {low} to "
                "{high} pixels, which it gets as numbers from 0 to 1. Convolution, pooling, batch "
                "normalisation, dense layers, ReLU, tanh, sigmoid, softmax, SimpleRNN, GRU and LSTM can be "
                "taken apart. From any other layer on, and where layers branch, nothing is shown. The file "
                "stays in this session.",
                layers=MAX_LAYERS,
                parameters=MAX_PARAMETERS,
                low=SIDES[0],
                high=SIDES[1],
            )
        )
        uploaded = st.file_uploader(gettext("Keras model"), ["keras"], key=UPLOAD)
        files = uploads.move_to_disk([uploaded] if uploaded else [], UPLOAD)
    if files and st.session_state.get(TAKEN) != files[0].key:
        st.session_state[TAKEN] = files[0].key
        _take(files[0], reads_rows)


def _take(file: File, reads_rows: bool) -> None:
    """Read a model in a child process, keep it, and show it where it can be shown."""
    with experiment.show_errors():
        process = experiment.start("model_file")
        if process is None:
            return
        try:
            model: ModelFile = process.ask("read", data=file.content, name=file.name)["model"]
        finally:
            experiment.close()  # it has answered, and others wait for its place
        st.session_state[KEPT] = OwnModel(printable_path(file.name), file.key, model)
        if st.query_params.get("network") == KEY:  # the visitor's model before this one
            link_values.forget("network")
        if model.reads_rows == reads_rows:
            link_values.forget("layer", "map", "row", "column", "input", "unit", "recurrent")
            link_values.put(network=KEY)
        elif model.reads_rows:
            st.info(gettext("This model reads row by row: open “RNN: memory”."), icon=":material/info:")
        else:
            st.info(
                gettext("This model reads whole pictures: open “CNN: convolution”."), icon=":material/info:"
            )


def network(own: OwnModel) -> ShownNetwork:
    """Return a model that reads whole pictures as its view needs it; its classes are numbered from 0."""
    model = own.model
    steps = chain(model.layers, model.shape, chained=model.chained)
    maps = run(steps.steps, np.zeros(model.shape, np.float32))
    return ShownNetwork(
        own.key,
        tuple(map(str, range(maps[-1].shape[2]))),
        standard(WHOLE if model.shape[2] == 3 else GLYPH, model.shape),
        steps,
        step_costs(steps.steps, maps),
    )
