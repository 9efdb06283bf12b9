"""How a run stands, and the buttons that steer it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.runs.process import launch, queue
from core.runs.store.control import Control
from core.runs.store.run import Run
from core.runs.store.status import State, Status
from pages.parts.shared.error_messages import escape_markdown, show_errors

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


STOP_HELP = "Ends the training; what it has learnt is kept and can be used."
RATES = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)  # what the learning rate can be multiplied by while it trains


def heading(run: Run, status: Status) -> None:
    """The state in words, and what can be asked of the run in it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(status.state.capitalize(), icon=STATE_ICONS[status.state], color=STATE_COLOURS[status.state])
        st.markdown(escape_markdown(_waiting(run) if status.state == "waiting" else status.message))
        if not status.is_over:
            _steer(run, status)
        elif status.state in ("interrupted", "failed") and st.button(
            "Resume",
            icon=":material/resume:",
            help="Goes on from the last checkpoint, as if nothing had happened.",
            key="resume",
        ):
            launch.resume(run)
            st.rerun()  # the whole page, which then follows it


def _steer(run: Run, status: Status) -> None:
    asked = run.control()
    ending = asked in (Control.STOP, Control.DISCARD)
    if status.state in ("running", "paused") and not ending:
        _pace(run, asked)
    stop = "Stopping" if asked is Control.STOP else "Stop"
    _button(run, Control.STOP, stop, "stop", STOP_HELP, disabled=ending)
    with st.popover("Discard", icon=":material/delete:", disabled=asked is Control.DISCARD, key="discarding"):
        st.markdown("End this training and keep nothing of it?")
        _button(run, Control.DISCARD, "Discard it", "delete", None)


def _pace(run: Run, asked: Control) -> None:
    """How fast it goes, in two senses: by hand or by itself, and the learning rate."""
    if asked is Control.RUN:
        _button(run, Control.PAUSE, "Pause", "pause", "Waits after the steps under way; nothing is lost.")
    else:
        _button(run, Control.RUN, "Continue", "play_arrow", "Goes on training.")
        _button(run, Control.STEP, "One step", "step", "One batch, one update of the weights; then it waits.")
        _button(run, Control.EPOCH, "One epoch", "skip_next", "To the end of the epoch; then it waits.")
    st.selectbox(
        "Learning rate",
        RATES,
        RATES.index(_rate_factor(run)),
        format_func=lambda factor: f"Rate × {factor:g}",
        label_visibility="collapsed",
        filter_mode=None,
        help="The learning rate as a multiple of what was planned, from the next steps on.",
        on_change=_ask_rate,
        args=(run,),
        key="rate factor",
        width=130,
    )


def _button(
    run: Run, control: Control, label: str, icon: str, help: str | None, disabled: bool = False
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        help=help,
        disabled=disabled,
        on_click=_ask,
        args=(run, control),
        key="pause" if control is Control.RUN else control.value,
    )


def _rate_factor(run: Run) -> float:
    """The factor that was asked last, or holds."""
    changes = run.rate_changes()
    factor = run.requested().rate_factor or (changes[-1].factor if changes else 1.0)
    return min(RATES, key=lambda rate: abs(rate - factor))


def _ask(run: Run, control: Control) -> None:
    with show_errors():
        if not run.status().is_over:  # another tab was sooner, or the end was; the page is about to say so
            run.request(control)


def _ask_rate(run: Run) -> None:
    factor = st.session_state.get("rate factor")
    with show_errors():
        # A list that vanishes with the end of its run has changed as well, as Streamlit sees it.
        if factor in RATES and factor != _rate_factor(run) and not run.status().is_over:
            run.request_rate(factor)


def _waiting(run: Run) -> str:
    place, seconds = queue.position(run), queue.expected_wait(run)
    words = f"Waiting for a free place: number {place} in the line" if place > 1 else "Next in the line"
    return f"{words}, about {max(1, round(seconds / 60))} min to wait." if seconds else f"{words}."
