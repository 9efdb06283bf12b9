"""The visitor's own runs. Knowing a run's id, which cannot be guessed, is the right to see it."""

from __future__ import annotations

import hashlib
import secrets

import streamlit as st

from core.errors import RunError
from core.runs.run import Run
from core.runs.store import RunStore, home


def store() -> RunStore:
    """The run folders of this machine."""
    return RunStore(home())


def remember(run: Run) -> None:
    """Adds a run to those that this visitor sees."""
    known = st.session_state.setdefault("runs", [])
    if run.id not in known:
        known.append(run.id)


def visitor() -> str:
    """Who asks, so that nobody takes all the places: a browser by its cookie, else this session."""
    cookie = st.context.cookies.get("_streamlit_xsrf")
    if cookie:
        return hashlib.sha256(cookie.encode()).hexdigest()[:16]
    return st.session_state.setdefault("visitor", secrets.token_hex(8))


def mine() -> list[Run]:
    """The runs that this visitor started or opened by link, newest first."""
    found = []
    for run_id in reversed(st.session_state.get("runs", [])):
        try:
            found.append(store().open(run_id))
        except RunError:
            continue  # deleted meanwhile
    return found
