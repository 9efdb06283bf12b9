"""What of a run can be taken away; each file is read or made only when it is asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.contract import config_links
from core.contract.config import ClassifierConfig
from core.runs.report import run_downloads
from core.runs.report.history import History
from core.runs.store.run import Run
from pages.parts.shared import prepared_downloads
from pages.parts.shared.prepared_downloads import PreparedFile


def offer(run: Run, history: History) -> None:
    """The downloads, and the link to the settings."""
    st.markdown("**Take it away**")
    prepared_downloads.show([*_of_model(run), *_of_record(run, history)])
    with st.popover("Settings as a link", icon=":material/link:"):
        st.caption("This link opens Train with the same settings filled in.")
        page = (st.context.url or "").split("?")[0]
        st.code(f"{page}?{config_links.to_query(run.config)}", language=None, wrap_lines=True)


def _of_model(run: Run) -> list[PreparedFile]:
    """What the trained model can be had as; nothing where nothing was learnt."""
    made = partial(run_downloads.converted, run)
    found = [
        PreparedFile(label, name, partial(run_downloads.model, run, name), help)
        for label, name, help in (
            ("Keras", "model.keras", "To go on training with: keras.saving.load_model."),
            ("LiteRT", "model.tflite", "For phones and small machines; this app reads it too."),
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
            "For TensorFlow Serving and TensorFlow.js; takes some seconds.",
        )
    )
    if run_downloads.can_convert_to_onnx():
        found.append(
            PreparedFile("ONNX", "model.onnx", partial(made, "onnx"), "For ONNX Runtime; takes some seconds.")
        )
    return found


def _of_record(run: Run, history: History) -> list[PreparedFile]:
    """What was told of the training, and how to do it again."""
    config = run.config
    found = []
    if history.step:
        found += [
            PreparedFile(
                "Figures",
                "metrics.csv",
                partial(run_downloads.metrics_csv, history),
                "A line a step, as CSV.",
            ),
            PreparedFile(
                "TensorBoard",
                "tensorboard.zip",
                partial(run_downloads.converted, run, "tensorboard"),
                "Event files: unpack, then tensorboard --logdir FOLDER. Takes some seconds.",
            ),
        ]
        if not (isinstance(config, ClassifierConfig) and config.outliers):
            found.append(
                PreparedFile(
                    "Keras script",
                    "script.zip",
                    partial(run_downloads.converted, run, "script"),
                    "A short program that learns the same without this app; with the images, where they "
                    "are to be had nowhere else.",
                )
            )
    found.append(
        PreparedFile(
            "Settings",
            "config.json",
            partial(run_downloads.config_json, run),
            "For: python -m core train --config config.json",
        )
    )
    return found
