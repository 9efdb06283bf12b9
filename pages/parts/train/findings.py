"""Show what a diagnosis found in a run."""

from __future__ import annotations

import streamlit as st

from core.runs.report.gan_diagnosis import Finding

SHOW = {"good": st.success, "open": st.info, "bad": st.warning}
ICONS = {"good": ":material/check:", "open": ":material/help:", "bad": ":material/warning:"}


def show_finding(finding: Finding) -> None:
    """Draw the sentence in the colour of its kind."""
    SHOW[finding.kind](finding.text, icon=ICONS[finding.kind])
