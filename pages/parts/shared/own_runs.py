"""Find and start the visitor's own runs. Knowing a run's unguessable id is the right to see it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from core.contract.config import TrainingConfig
from core.datasets import registry
from core.errors import LabError, RunError
from core.runs.process import launch
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore, home
from pages.parts.shared import run_control, visitors

_IDS = "runs"  # in the session's state: ids, oldest first,
_OWNER = "runs of"  # and the ids of the visitor for whom they were looked up


def store() -> RunStore:
    """Return the run folders of this machine."""
    return RunStore(home())


def remember(run: Run) -> None:
    """Add a run to those that this visitor sees."""
    if run not in runs():
        st.session_state[_IDS].append(run.id)


def remember_id(run_id: str | None) -> None:
    """Add the run that a link names, if it exists, so that its network is offered on Inside."""
    with suppress(RunError):
        remember(store().open(run_id or ""))


def start(configs: Sequence[TrainingConfig], name: str = "") -> list[Run]:
    """Start a run of each configuration, in this order, as this visitor's.

    Raises:
        DatasetError: when a data set is unknown; no run is started then.
        RunError: when one cannot be started; its folder is deleted, and earlier runs continue.
    """
    for config in configs:
        registry.describe(config.dataset)  # before any folder is made
    started: list[Run] = []
    me = visitors.starter()
    for config in configs:
        run = store().create(config, name=name, visitor=me.id, address=me.address)
        try:
            launch.start(run)
        except LabError:
            store().delete(run.id)
            raise
        run_control.grant(run)
        remember(run)
        started.append(run)
    return started


def runs() -> list[Run]:
    """Return the runs that this visitor started, in any session, or opened by link; newest first."""
    me = visitors.visitor()
    if st.session_state.get(_OWNER) != me.ids:  # a new session, or its browser has just told who it is
        own = [run.id for run in store().started_by(me.owns)][::-1]
        opened = [run_id for run_id in st.session_state.get(_IDS, []) if run_id not in own]
        st.session_state[_OWNER], st.session_state[_IDS] = me.ids, own + opened
    found = []
    for run_id in reversed(st.session_state[_IDS]):
        try:
            found.append(store().open(run_id))
        except RunError:
            continue  # it was deleted meanwhile
    return found
