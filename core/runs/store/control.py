"""Send requests to a run, in a small file that any page may write and its worker reads between two events."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.contract import learning_rates
from core.errors import RunError
from core.runs.store import files, locks


class Control(StrEnum):
    """A request of a page to a worker."""

    RUN = "run"
    PAUSE = "pause"
    STEP = "step"  # take one training step, then pause
    EPOCH = "epoch"  # train and validate to the end of the epoch, then pause
    STOP = "stop"  # end now and keep the model
    DISCARD = "discard"  # end now and delete the run


# Later requests are ignored, except that a stopped run may be discarded.
_FINAL = (Control.STOP, Control.DISCARD)


@dataclass(frozen=True)
class Request:
    """The latest request; its token tells one press of "one step" from the next."""

    control: Control = Control.RUN
    token: str = ""
    rate_factor: float | None = None  # of the learning rates, from now on; None: never requested


def read(folder: Path) -> Request:
    """Return the latest request; one that cannot be read counts as none."""
    try:
        asked = files.read_json(folder / "control.json")
        factor = asked.get("rate_factor")
        if factor is not None:
            learning_rates.check(factor)
        return Request(Control(asked["control"]), str(asked["token"]), factor)
    except (RunError, KeyError, ValueError):
        return Request()


@contextmanager
def no_requests(folder: Path) -> Iterator[None]:
    """Keep everybody from writing requests inside the block.

    Raises:
        RunError: when the folder cannot be written to.
    """
    with files.run_errors(folder), locks.exclusive(folder / ".control"):
        yield


def request(folder: Path, control: Control, check: Callable[[], None] = lambda: None) -> Control:
    """Write a request and return the one that now holds: a stop or a discard cannot be taken back.

    ``check`` is called while nobody else can write requests, and may raise an error instead.

    Raises:
        RunError: when the request cannot be written.
    """
    with no_requests(folder):
        check()
        before = read(folder)
        if before.control in _FINAL and control is not Control.DISCARD:
            return before.control
        _write(folder, dataclasses.replace(before, control=control, token=secrets.token_hex(8)))
    return control


def request_rate(folder: Path, factor: float) -> None:
    """Request learning rates of ``factor`` times the planned ones.

    Raises:
        RunError: when the factor is out of range or the request cannot be written.
    """
    learning_rates.check(factor)
    with no_requests(folder):
        _write(folder, dataclasses.replace(read(folder), rate_factor=float(factor)))


def clear(folder: Path) -> None:
    """Clear the requests to an earlier worker, except the learning rate; only the run's holder may do so.

    Raises:
        RunError: when the request cannot be written.
    """
    with no_requests(folder):
        _write(folder, Request(token=secrets.token_hex(8), rate_factor=read(folder).rate_factor))


def _write(folder: Path, request: Request) -> None:
    files.replace_json(folder / "control.json", dataclasses.asdict(request))
