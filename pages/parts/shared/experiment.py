"""Run the visitor's own experiment: started by a button, kept in the session, restarted if it has died."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.errors import ExperimentError, RunError
from core.language import gettext
from core.runs.process import tight_memory
from core.runs.store.run_store import home
from core.subprocesses import EXPERIMENT_PLACES, ChildProcess, ProcessOwner
from pages.parts.shared import visitors
from pages.parts.shared.error_messages import sentence, show_error

_KEPT = "experiment"
_STARTS = "experiment starts"


def running(name: str, label: str, **options: Any) -> ChildProcess | None:
    """Return this visitor's experiment of that name and options once it runs, else draw a button to start it.

    A visitor has one experiment: starting one ends the one before. Keep what the session stores about an
    experiment under a key made with ``start_count``, since it belongs to one process.

    Args:
        name: of the experiment.
        label: of the button.
        options: of the experiment.
    """
    process = st.session_state.get(_KEPT)
    if process is not None and (process.name, process.options) == (name, options):
        if process.alive:
            return _ready(process)
        st.warning(sentence(process.ended()), icon=":material/restart_alt:")
    if st.button(label, type="primary", icon=":material/play_arrow:", key=f"start {name}"):
        return start(name, **options)
    return None


def start(name: str, **options: Any) -> ChildProcess | None:
    """Start an experiment in place of the visitor's last one; if that fails, show why and return None.

    The last one may have been started in another tab, or before a reload.
    """
    close()
    try:
        process = ChildProcess(
            name,
            options,
            limit=EXPERIMENT_PLACES,
            owner=_owner(),
            inherited=lambda: tight_memory.without_trainings(home()),
        )
    except (ExperimentError, RunError) as error:
        st.warning(sentence(error), icon=":material/hourglass_top:")
        return None
    st.session_state[_KEPT] = process
    st.session_state[_STARTS] = start_count() + 1
    return _ready(process)


def close() -> None:
    """End the visitor's experiment, if there is one."""
    process = st.session_state.pop(_KEPT, None)
    if process is not None:
        process.close()


def start_count() -> int:
    """Return how many experiments this visitor has started."""
    return st.session_state.get(_STARTS, 0)


@contextmanager
def show_errors() -> Iterator[None]:
    """Show what an experiment could not do; if it died, with a button that runs the page again."""
    try:
        yield
    except ExperimentError as error:
        show_error(error)
        process = st.session_state.get(_KEPT)
        if process is not None and not process.alive:
            close()
            st.button(gettext("Continue"), icon=":material/restart_alt:", key="experiment again")


def rerun_fragment() -> None:
    """Draw the fragment again, so that the experiment takes its next steps."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:  # the whole page is being drawn
        st.rerun()


def _ready(process: ChildProcess) -> ChildProcess | None:
    """Return the experiment once it answers; show its progress meanwhile."""
    place = st.empty()
    try:
        bar = place.progress(0.0, gettext("Starting the experiment"))
        process.wait(progress=lambda told, share: _show(bar, sentence(told), share))
    except ExperimentError as error:
        close()
        show_error(error)
        return None
    finally:
        place.empty()
    return process


def _show(bar: DeltaGenerator, text: str, share: float | None) -> None:
    bar.progress(share or 0.0, text)


def _owner() -> ProcessOwner:
    """Return the visitor, who is present while the browser is connected to this session."""
    visitor, context = visitors.visitor(), get_script_run_ctx()
    must_yield = functools.partial(tight_memory.has_waited_long, home())
    if context is None:
        return ProcessOwner(visitor.ids, lambda: True, visitor.address, must_yield)
    session, server = context.session_id, runtime.get_instance()
    return ProcessOwner(visitor.ids, lambda: server.is_active_session(session), visitor.address, must_yield)
