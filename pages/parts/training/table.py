"""The visitor's own runs."""

from __future__ import annotations

import streamlit as st

from core.runs.run import Run
from pages.parts import house
from pages.parts.training.live import title


def line(run: Run) -> None:
    """A run in one line, with a link."""
    status = run.status()
    accuracy = status.metrics.get("test_accuracy")
    result = f", test accuracy {accuracy:.1%}" if accuracy is not None else ""
    st.page_link(
        house.TRAIN,
        label=f"{title(run, run.config)}: {status.state}{result}",
        icon=":material/timeline:",
        query_params={"run": run.id},
    )
