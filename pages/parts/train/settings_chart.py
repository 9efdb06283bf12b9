"""Show how the results of many runs depend on their settings, for visitors who try many."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.figures.comparison import parallel_coordinates
from core.language import gettext
from core.runs.report.comparison import tried
from core.runs.store.run import Run
from pages.parts.components.chart import chart
from pages.parts.train import compare

RESULT = "test_accuracy"
LEAST = 3  # runs with a result: fewer are compared by their curves


def show(runs: Sequence[Run]) -> None:
    """Draw a section with the chart if enough runs have a result; it is drawn once the section is open."""
    found = tried(runs)
    if len(found) < LEAST or len(found[0]) < 2:
        return
    section = st.expander(
        gettext("Settings and results of all runs"),
        icon=":material/ssid_chart:",
        on_change="rerun",
        key="settings and results",
    )
    if not section.open:
        return
    rows = [{**compare.readable(row), RESULT: 100 * row[RESULT]} for row in found]
    titles = {name: gettext(compare.COLUMNS[name]) for name in rows[0]}
    with section:
        chart(
            parallel_coordinates(rows, titles | {RESULT: gettext("Test accuracy (%)")}),
            key="parallel",
            alt=gettext("A line for each run through its settings to its test accuracy"),
        )
        st.caption(gettext("Each line is a run. Drag along an axis to show only the runs in that range."))
