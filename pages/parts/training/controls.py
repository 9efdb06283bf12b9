"""How a run stands, and the buttons that steer it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.runs import queue
from core.runs.run import Control, Run
from core.runs.status import State, Status
from pages.parts.errors import in_words, plain

Colour = Literal["blue", "green", "orange", "red", "gray"]
STATE_COLOURS: dict[State, Colour] = {
    "created": "gray",
    "waiting": "gray",
    "starting": "blue",
    "running": "blue",
    "paused": "orange",
    "finished": "green",
    "stopped": "gray",
    "failed": "red",
    "interrupted": "red",
}
STATE_ICONS: dict[State, str] = {
    "created": ":material/schedule:",
    "waiting": ":material/schedule:",
    "starting": ":material/hourglass_top:",
    "running": ":material/play_arrow:",
    "paused": ":material/pause:",
    "finished": ":material/check:",
    "stopped": ":material/stop:",
    "failed": ":material/error:",
    "interrupted": ":material/power_off:",
}


def heading(run: Run, status: Status) -> None:
    """The state in words, and what can be asked of the run in it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(status.state.capitalize(), icon=STATE_ICONS[status.state], color=STATE_COLOURS[status.state])
        st.markdown(plain(_waiting(run) if status.state == "waiting" else status.message))
        if not status.is_over:
            _steer(run, status)
        elif status.state in ("interrupted", "failed") and st.button(
            "Resume",
            icon=":material/resume:",
            help="Goes on from the last checkpoint, as if nothing had happened.",
            key="resume",
        ):
            queue.resume(run)
            st.rerun()  # the whole page, which then sets a timer


def _steer(run: Run, status: Status) -> None:
    asked = run.control()
    stopping = asked is Control.STOP
    if status.state in ("running", "paused") and not stopping:
        held = asked is Control.PAUSE
        st.button(
            "Continue" if held else "Pause",
            icon=":material/play_arrow:" if held else ":material/pause:",
            help="Goes on training." if held else "Waits after the steps under way; nothing is lost.",
            on_click=_ask,
            args=(run, Control.RUN if held else Control.PAUSE),
            key="pause",
        )
    st.button(
        "Stopping" if stopping else "Stop",
        icon=":material/stop:",
        help="Ends the training; what it has learnt is kept and can be used.",
        disabled=stopping,
        on_click=_ask,
        args=(run, Control.STOP),
        key="stop",
    )


def _ask(run: Run, control: Control) -> None:
    with in_words():
        if run.control() is not Control.STOP:  # another tab may have stopped it; there is no way back
            run.request(control)


def _waiting(run: Run) -> str:
    place = queue.place(run)
    return f"Waiting for a free place: number {place} in the line." if place > 1 else "Next in the line."
