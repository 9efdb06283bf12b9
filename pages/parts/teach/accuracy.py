"""How often the classes were told apart, on pictures held out, and how that was measured."""

from __future__ import annotations

import streamlit as st

from core.class_sets.taught_set import TaughtSet
from core.language import gettext, ngettext


def show(taught: TaughtSet) -> None:
    """Show the accuracy on held-out pictures."""
    measured = taught.head.held_out.evaluation
    count = len(taught.head.held_out.labels)
    st.metric(gettext("Accuracy on held-out pictures"), f"{100 * measured.accuracy:.0f} %")
    st.caption(
        ngettext("{count:,} picture was held out.", "{count:,} pictures were held out in turn.", count)
    )
