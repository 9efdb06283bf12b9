"""What of a run can be taken away; each file is read or made only when it is asked for."""

from __future__ import annotations

import streamlit as st

from core.runs import export
from core.runs.history import History
from core.runs.run import Run


def offer(run: Run, history: History) -> None:
    """The downloads."""
    files = {
        "Keras model": ((run.bundle / "model.keras").read_bytes, "model.keras"),
        "LiteRT model": ((run.bundle / "model.tflite").read_bytes, "model.tflite"),
        "Figures (CSV)": (lambda: export.metrics_csv(history), "metrics.csv"),
        "Configuration (JSON)": (lambda: export.config_json(run), "config.json"),
    }
    with st.container(horizontal=True):
        for label, (content, name) in files.items():
            if name.startswith("model") and not (run.bundle / name).is_file():
                continue  # nothing was learnt
            if name == "metrics.csv" and not history.step:
                continue
            st.download_button(
                label,
                content,
                file_name=name,
                icon=":material/download:",
                on_click="ignore",
                key=f"download {name}",
            )
