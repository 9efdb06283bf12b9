"""Show the state of a run, and the buttons that control it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.language import N_, gettext
from core.runs.process import queue
from core.runs.store.control import Control
from core.runs.store.run import Run
from core.runs.store.status import State, Status
from pages.parts.shared import run_control
from pages.parts.shared.error_messages import escape_markdown, sentence, show_errors

Colour = Literal["blue", "green", "orange", "red", "gray"]
STATE_COLOURS: dict[State, Colour] = {
    "created": "gray",
    "waiting": "gray",
    "starting": "blue",
    "running": "blue",
    "paused": "orange",
    "parked": "orange",
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
    "parked": ":material/pause:",
    "finished": ":material/check:",
    "stopped": ":material/stop:",
    "failed": ":material/error:",
    "interrupted": ":material/power_off:",
}
STATES: dict[State, str] = {
    "created": N_("Created"),
    "waiting": N_("Waiting"),
    "starting": N_("Starting"),
    "running": N_("Running"),
    "paused": N_("Paused"),
    "parked": N_("Paused"),
    "finished": N_("Finished"),
    "stopped": N_("Stopped"),
    "failed": N_("Failed"),
    "interrupted": N_("Interrupted"),
}
RATES = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)  # by which the learning rate can be multiplied during training


def heading(run: Run, status: Status) -> None:
    """Show the run's state and message, and the buttons for that state if the visitor may control the run."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(
            gettext(STATES[status.state]), icon=STATE_ICONS[status.state], color=STATE_COLOURS[status.state]
        )
        waits_for_turn = status.message.key == "runs.waiting"
        st.markdown(escape_markdown(_place_in_line(run)) if waits_for_turn else sentence(status.message))
        if not run_control.may_control(run):
            return
        if not status.is_over:
            _buttons(run, status)
        elif status.state in ("interrupted", "failed") and st.button(
            gettext("Resume"),
            icon=":material/resume:",
            help=gettext(
                "Continues from the last checkpoint; the result is the same as without the interruption."
            ),
            key="resume",
        ):
            run_control.resume(run)
            st.rerun()  # the whole page, which then refreshes the run


def _buttons(run: Run, status: Status) -> None:
    asked = run.control()
    ending = asked in (Control.STOP, Control.DISCARD)
    if status.state in ("running", "paused", "parked") and not ending:
        _pause_and_rate(run, asked)
    stop = gettext("Stopping") if asked is Control.STOP else gettext("Stop")
    help = gettext("Ends the training; the network is kept and can be used.")
    _button(run, Control.STOP, stop, "stop", help, disabled=ending)
    with st.popover(
        gettext("Discard"), icon=":material/delete:", disabled=asked is Control.DISCARD, key="discarding"
    ):
        st.markdown(gettext("End this run and delete all its files?"))
        _button(run, Control.DISCARD, gettext("Discard run"), "delete", None)


def _pause_and_rate(run: Run, asked: Control) -> None:
    """Draw the buttons that pause and continue the run, and the list of learning rates."""
    if asked is Control.RUN:
        _button(run, Control.PAUSE, gettext("Pause"), "pause", gettext("Waits after the current steps."))
    else:
        _button(run, Control.RUN, gettext("Continue"), "play_arrow", gettext("Continues the training."))
        _button(run, Control.STEP, gettext("One step"), "step", gettext("Trains on one batch, then waits."))
        _button(
            run,
            Control.EPOCH,
            gettext("One epoch"),
            "skip_next",
            gettext("Trains to the end of the epoch, then waits."),
        )
    st.selectbox(
        gettext("Learning rate"),
        RATES,
        RATES.index(_rate_factor(run)),
        format_func=lambda factor: gettext("Rate × {factor:g}", factor=factor),
        label_visibility="collapsed",
        filter_mode=None,
        help=gettext("Multiplies the planned learning rate, from the next step on."),
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
    """Return the factor that was requested last, else the one in force."""
    changes = run.rate_changes()
    factor = run.requested().rate_factor or (changes[-1].factor if changes else 1.0)
    return min(RATES, key=lambda rate: abs(rate - factor))


def _ask(run: Run, control: Control) -> None:
    with show_errors(), run_control.unless_deleted(run):
        if (
            not run.status().is_over
        ):  # else another tab was first, or the end, which the page is about to show
            run_control.request(run, control)


def _ask_rate(run: Run) -> None:
    factor = st.session_state.get("rate factor")
    with show_errors(), run_control.unless_deleted(run):
        # Streamlit also reports a change when the list vanishes with the end of its run.
        if factor in RATES and factor != _rate_factor(run) and not run.status().is_over:
            run_control.request_rate(run, factor)


def state_of(run: Run, status: Status) -> str:
    """Return the run's state as a list of runs shows it: of one that waits, its place in the queue.

    Raises:
        RunError: when the queue cannot be read.
    """
    if status.message.key == "runs.waiting":
        return escape_markdown(_place_in_line(run))
    return gettext(STATES[status.state])


def _place_in_line(run: Run) -> str:
    """Return a waiting run's place in the queue, with an estimate of the time.

    Raises:
        RunError: when the queue cannot be read.
    """
    place, seconds = queue.position(run), queue.expected_wait(run)
    if not seconds:  # a place is free, and the worker is about to take it
        return gettext("Next in the queue: it starts in a few seconds.")
    minutes = max(1, round(seconds / 60))
    if place > 1:
        return gettext(
            "Waiting for a free place: number {place} in the queue, about {minutes} min to wait.",
            place=place,
            minutes=minutes,
        )
    return gettext("Next in the queue, about {minutes} min to wait.", minutes=minutes)
