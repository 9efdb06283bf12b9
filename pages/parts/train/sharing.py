"""Offer a run's links: one to watch it, and a secret one to control it."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.errors import RunError
from core.language import gettext
from core.runs.store.run import Run
from pages.parts.shared import run_control, visitor_language


def offer(run: Run) -> None:
    """Draw the links; the one that controls the run only for a visitor who may control it."""
    with st.popover(gettext("Share"), icon=":material/share:", key="share"):
        st.caption(gettext("Anyone with this link can watch the run:"))
        st.code(_link(run=run.id), language=None, wrap_lines=True)
        key = _key(run) if run_control.may_control(run) else None
        if key is not None:
            st.caption(gettext("Anyone with this secret link can also control and delete it:"))
            st.code(_link(run=run.id, **{run_control.LINK: key}), language=None, wrap_lines=True)


def _key(run: Run) -> str | None:
    try:
        return run.control_key()
    except RunError:
        return None  # a run of an earlier version


def _link(**query: str) -> str:
    page = (st.context.url or "").split("?")[0]
    return f"{page}?{urlencode(query | visitor_language.link_parameters())}"
