"""The visitor's own experiment: started by a button, kept in the session, started again when it died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from core.errors import ExperimentError
from core.subprocesses import ChildProcess, ProcessLimit
from pages.parts.shared.error_messages import escape_markdown

_KEPT = "experiment"


def running(name: str, label: str, **options: Any) -> ChildProcess | None:
    """This visitor's experiment of that name and options once it runs; else None, and a button to start it.

    ``label`` is the button's. A visitor has one experiment: to start one ends the one before. Whatever stands
    in the session's state about it belongs to one life: keep it under a key made with ``start_count``.
    """
    stepper = st.session_state.get(_KEPT)
    if stepper is not None and (stepper.name, stepper.options) == (name, options):
        if stepper.alive:
            return _awaited(stepper)
        st.warning(
            "The experiment's process is gone: it ends when it is asked nothing for five minutes. "
            "Start it again to go on from its beginning.",
            icon=":material/restart_alt:",
        )
    if st.button(label, type="primary", icon=":material/play_arrow:", key=f"start {name}"):
        return start(name, **options)
    return None


def start(name: str, **options: Any) -> ChildProcess | None:
    """Starts an experiment in the place of the visitor's last; None where that failed, which is said."""
    close()
    try:
        stepper = ChildProcess(name, options, limit=_limit())
    except ExperimentError as error:
        st.warning(escape_markdown(str(error)), icon=":material/hourglass_top:")
        return None
    st.session_state[_KEPT] = stepper
    st.session_state["experiment life"] = start_count() + 1
    return _awaited(stepper)


def close() -> None:
    """Ends the visitor's experiment, if there is one."""
    stepper = st.session_state.pop(_KEPT, None)
    if stepper is not None:
        stepper.close()


def start_count() -> int:
    """Counts the experiments that this visitor has started."""
    return st.session_state.get("experiment life", 0)


@contextmanager
def show_errors() -> Iterator[None]:
    """Shows what an experiment could not do; where it died, with a button that runs the page anew."""
    try:
        yield
    except ExperimentError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        stepper = st.session_state.get(_KEPT)
        if stepper is not None and not stepper.alive:
            close()
            st.button("Go on", icon=":material/restart_alt:", key="experiment again")


def rerun_fragment() -> None:
    """Has the fragment drawn anew, so that an experiment's next steps are taken."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:  # the whole page is being drawn
        st.rerun()


def _awaited(stepper: ChildProcess) -> ChildProcess | None:
    """The experiment once it answers; a bar shows how far it is."""
    place = st.empty()
    try:
        bar = place.progress(0.0, "Starting a process of your own")
        stepper.wait(progress=lambda text, share: _show(bar, text, share))
    except ExperimentError as error:
        close()
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return None
    finally:
        place.empty()
    return stepper


def _show(bar: DeltaGenerator, text: str, share: float) -> None:
    bar.progress(share, text)


@st.cache_resource(show_spinner=False)
def _limit() -> ProcessLimit:
    """Shared by all visitors: it counts, and knows nothing of whose experiment is whose."""
    return ProcessLimit()
