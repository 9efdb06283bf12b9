"""Offer a run's files for download; each is read or made only when it is asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.contract import config_links
from core.language import gettext
from core.runs.report import run_downloads
from core.runs.report.history import History
from core.runs.store.run import Run
from core.subprocesses import export_command
from pages.parts.shared import prepared_downloads
from pages.parts.shared.prepared_downloads import PreparedFile


def offer(run: Run, history: History) -> None:
    """Draw the downloads, and the link to the settings."""
    st.markdown(gettext("**Downloads**"))
    prepared_downloads.show([*_of_model(run), *_of_record(run, history)])
    with st.popover(gettext("Link to settings"), icon=":material/link:"):
        st.caption(gettext("This link opens Train with the same settings filled in."))
        page = (st.context.url or "").split("?")[0]
        st.code(f"{page}?{config_links.to_query(run.config)}", language=None, wrap_lines=True)


def _of_model(run: Run) -> list[PreparedFile]:
    """Return the formats of the trained network; none if nothing was learnt."""
    made = partial(run_downloads.converted, run)
    found = [
        PreparedFile(label, name, partial(run_downloads.model, run, name), help)
        for label, name, help in (
            ("Keras", "model.keras", gettext("For further training: keras.saving.load_model.")),
            ("LiteRT", "model.tflite", gettext("For phones and small machines; this app uses it too.")),
        )
        if (run.bundle / name).is_file()
    ]
    if not found:
        return []
    found.append(
        PreparedFile(
            "SavedModel",
            "saved_model.zip",
            partial(made, "saved_model"),
            gettext("For TensorFlow Serving and TensorFlow.js; takes a few seconds."),
        )
    )
    if export_command.can_convert_to_onnx():
        found.append(
            PreparedFile(
                "ONNX", "model.onnx", partial(made, "onnx"), gettext("For ONNX Runtime; takes a few seconds.")
            )
        )
    return found


def _of_record(run: Run, history: History) -> list[PreparedFile]:
    """Return the record of the training, and the files that repeat it."""
    config = run.config
    found = []
    if history.step:
        found += [
            PreparedFile(
                gettext("Metrics"),
                "metrics.csv",
                partial(run_downloads.metrics_csv, history),
                gettext("One line for each step, as CSV."),
            ),
            PreparedFile(
                "TensorBoard",
                "tensorboard.zip",
                partial(run_downloads.converted, run, "tensorboard"),
                gettext("Event files: unpack, then run tensorboard --logdir FOLDER. Takes a few seconds."),
            ),
        ]
        if not getattr(config, "adds_drawings", False):
            found.append(
                PreparedFile(
                    gettext("Keras script"),
                    "script.zip",
                    partial(run_downloads.converted, run, "script"),
                    gettext(
                        "A short program that trains the same network without this app. It "
                        "includes the images "
                        "if they cannot be downloaded elsewhere."
                    ),
                )
            )
    found.append(
        PreparedFile(
            gettext("Settings"),
            "config.json",
            partial(run_downloads.config_json, run),
            gettext("For: python -m core train --config config.json"),
        )
    )
    return found
