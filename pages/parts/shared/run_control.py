"""Act on a run, for the visitor who started it or has opened its control link; others may only look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import streamlit as st

from core.errors import LabError, RunError
from core.runs.process import launch
from core.runs.store.control import Control
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore
from pages.parts.shared import visitors

LINK = "control"  # in a control link, beside the run's id: the run's control key

_GRANTED = "controlled runs"  # in the session's state: ids of runs that it started or whose link it opened


def may_control(run: Run) -> bool:
    """Return whether this visitor may act on the run, and not only look."""
    if run.id in st.session_state.get(_GRANTED, ()):
        return True
    visitor = visitors.visitor()
    with suppress(RunError):  # a damaged run names no owner
        if visitor.owns(run.status().visitor):
            return True
    return run.admits({visitor.id, *visitor.ids})


def grant(run: Run) -> None:
    """Let this session act on the run."""
    st.session_state.setdefault(_GRANTED, set()).add(run.id)


def open_link(run: Run) -> None:
    """Let this visitor act on the run if the page's link holds its control key; then drop it from the link.

    The address in the browser is then safe to share. The visitor may act on the run in later sessions too.

    Raises:
        RunError: when the key is wrong.
    """
    if LINK not in st.query_params:
        return
    key = st.query_params[LINK]
    del st.query_params[LINK]
    if not run.has_control_key(key):
        raise RunError("runs.wrong_control_key")
    grant(run)
    with suppress(RunError):  # on a full disk, for this session only
        run.admit(visitors.starter().id)


def request(run: Run, control: Control) -> None:
    """Send the run's worker a request; a run whose long pause ended its worker is given a new one.

    Raises:
        RunError: when the visitor may not act on the run, it has ended, the queue is full, or the request
            cannot be written.
    """
    _check(run)
    launch.steer(run, control)


def request_rate(run: Run, factor: float) -> None:
    """Request learning rates of ``factor`` times the planned ones.

    Raises:
        RunError: as ``request``.
    """
    _check(run)
    run.request_rate(factor)


def resume(run: Run) -> None:
    """Start a worker that continues the run.

    Raises:
        RunError: when the visitor may not act on the run, or it cannot be continued.
    """
    _check(run)
    launch.resume(run)


def discard(run: Run) -> None:
    """Delete the run; if it is running, its worker ends it and deletes it within moments.

    Raises:
        RunError: when the visitor may not act on the run, or it cannot be deleted.
    """
    _check(run)
    RunStore(run.home).discard(run.id)


@contextmanager
def unless_deleted(run: Run) -> Iterator[None]:
    """Drop an error of the body if the run has been deleted meanwhile, by its worker or in another tab."""
    try:
        yield
    except LabError:
        if run.folder.is_dir():
            raise


def _check(run: Run) -> None:
    if not may_control(run):
        raise RunError("runs.not_yours")
