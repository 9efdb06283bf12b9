"""Remember which run was shown, bring it back, and bring into view what a tap has asked for."""

from __future__ import annotations

import streamlit as st

from core.errors import RunError
from pages.parts.components import once
from pages.parts.shared import own_runs
from pages.parts.train import form_filling

RUN, COMPARED = "run", "compare"  # in the link: the run that is shown, and those that are compared
VIEW_PLACE, FORM_PLACE = "shown run", "form"  # keys of the page's two columns
_LAST = "shown on Train"  # in the session's state: the parameters of the link
_LOOK_AT_FORM = "look at form"


def bring_back() -> None:
    """Name the last run in the link if a visitor comes by the menu, whose link names nothing.

    Without a run in this session it is the newest of the visitor's own. Call this before the form is drawn.
    """
    if "family" in st.session_state or form_filling.is_linked() or _shown():
        return
    last: dict[str, str] = st.session_state.get(_LAST, {})
    if not last and (own := own_runs.runs()):
        last = {RUN: own[0].id}
    try:
        for run_id in ",".join(last.values()).split(","):
            own_runs.store().open(run_id)
    except RunError:  # it was deleted
        return
    st.query_params.update(last)


def keep_in_view() -> None:
    """Remember what is shown, and bring a newly opened run into view; call this after it was drawn.

    On phones the run is above the form, whose button starts it, and above the list, whose links open it.
    """
    before, shown = st.session_state.get(_LAST), _shown()
    if shown and before is not None and shown != before:
        once.scroll_to(VIEW_PLACE)
    if shown or before is None:
        st.session_state[_LAST] = shown
    if st.session_state.pop(_LOOK_AT_FORM, False):
        once.scroll_to(FORM_PLACE)


def look_at_form() -> None:
    """Bring the form into view in the next run, since a tap has filled it in."""
    st.session_state[_LOOK_AT_FORM] = True


def _shown() -> dict[str, str]:
    return {name: st.query_params[name] for name in (RUN, COMPARED) if st.query_params.get(name)}
