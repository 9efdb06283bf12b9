"""What is asked of a run: one small file that any page may write and its worker reads between two events."""

from __future__ import annotations

import dataclasses
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.contract import learning_rates
from core.errors import RunError
from core.runs.store import files, locks


class Control(StrEnum):
    """What a page can ask of a worker."""

    RUN = "run"
    PAUSE = "pause"
    STEP = "step"  # one training step more, then pause
    EPOCH = "epoch"  # to the end of the epoch with its validation, then pause
    STOP = "stop"  # end now, and keep what was learnt
    DISCARD = "discard"  # end now, and keep nothing


_FINAL = (
    Control.STOP,
    Control.DISCARD,
)  # what is asked after these is not heard; a stopped run may be discarded


@dataclass(frozen=True)
class Request:
    """What was asked last; the token tells one press of "one step" from the next."""

    control: Control = Control.RUN
    token: str = ""
    rate_factor: float | None = None  # of the learning rates, from now on; None: nobody asked


def read(folder: Path) -> Request:
    """What was asked last; a request that cannot be read counts as none."""
    try:
        asked = files.read_json(folder / "control.json")
        factor = asked.get("rate_factor")
        if factor is not None:
            learning_rates.check(factor)
        return Request(Control(asked["control"]), str(asked["token"]), factor)
    except (RunError, KeyError, ValueError):
        return Request()


def ask(folder: Path, control: Control) -> Control:
    """Asks for something, and returns what now holds: nothing takes back a stop, and nothing a discard.

    Raises:
        RunError: when the request cannot be written.
    """
    with files.in_words(folder), locks.one_at_a_time(folder / ".control"):
        before = read(folder)
        if before.control in _FINAL and control is not Control.DISCARD:
            return before.control
        _write(folder, dataclasses.replace(before, control=control, token=secrets.token_hex(8)))
    return control


def ask_rate(folder: Path, factor: float) -> None:
    """Asks for learning rates that are ``factor`` times as planned.

    Raises:
        RunError: when the factor is out of range, or the request cannot be written.
    """
    learning_rates.check(factor)
    with files.in_words(folder), locks.one_at_a_time(folder / ".control"):
        _write(folder, dataclasses.replace(read(folder), rate_factor=float(factor)))


def forget(folder: Path) -> None:
    """Takes back all that was asked of an earlier life, but for the learning rate; for the run's holder.

    Raises:
        RunError: when the request cannot be written.
    """
    with files.in_words(folder), locks.one_at_a_time(folder / ".control"):
        _write(folder, Request(token=secrets.token_hex(8), rate_factor=read(folder).rate_factor))


def _write(folder: Path, request: Request) -> None:
    files.replace_json(folder / "control.json", dataclasses.asdict(request))
