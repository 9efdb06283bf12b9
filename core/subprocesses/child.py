"""Run the child process of one experiment: ``python -m core.subprocesses.child NAME DESCRIPTOR``.

It answers the requests that come through the inherited connection ``DESCRIPTOR``, one after the other, until
that is closed, the server has ended, or no request has come for a while.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

from core.errors import LabError
from core.messages import Message, Progress, message
from core.subprocesses.registry import ENDED_IDLE, EXPERIMENTS

IDLE = 300.0  # seconds without a request until the child ends and frees its memory

_NICE = 5  # below the server, which answers all visitors; above trainings (10), which nobody waits for
_CHECK_INTERVAL = 1.0  # seconds between two checks that the server still runs
Make = Callable[[Progress, dict[str, Any]], Any]


def main(arguments: Sequence[str] | None = None, experiments: Mapping[str, str] = EXPERIMENTS) -> int:
    """Run the process; return the exit code, 0 or ``ENDED_IDLE``."""
    asked = _parser(experiments).parse_args(arguments)
    os.nice(_NICE)
    threading.Thread(target=_exit_with_parent, args=(os.getppid(),), daemon=True).start()
    place, _, name = experiments[asked.name].partition(":")

    def make(progress: Progress, options: dict[str, Any]) -> Any:
        progress(message("subprocesses.loading"), 0.1)
        kind = getattr(importlib.import_module(place), name)
        progress(message("subprocesses.building"), 0.8)
        return kind(progress=progress, **options)

    return serve(Connection(asked.descriptor), make, asked.idle)


def serve(connection: Connection, make: Make, idle: float = IDLE) -> int:
    """Answer each (number, method, arguments) with (number, kind, content); return the exit code.

    The first request builds the experiment. ``kind`` is "answer", "progress", "refused" for a request
    that cannot be met, or "failed" for an unexpected error; the content of the last two is a ``Message``.
    """
    experiment: Any = None
    number = 0

    def progress(told: Message, share: float | None) -> None:
        connection.send((number, "progress", (told, share)))

    def answer(method: str, arguments: dict[str, Any]) -> tuple[str, Any]:
        nonlocal experiment
        try:
            if experiment is None:
                experiment = make(progress, arguments)
                return "answer", None
            return "answer", _method(experiment, method)(**arguments)
        except LabError as error:
            return "refused", error.message
        except Exception:
            traceback.print_exc()
            return "failed", message("subprocesses.unexpected")

    try:
        while connection.poll(idle):
            number, method, arguments = connection.recv()
            connection.send((number, *answer(method, arguments)))
    except (EOFError, OSError):  # the server has closed the connection
        return 0
    return ENDED_IDLE


def _method(experiment: Any, name: str) -> Callable[..., Any]:
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(experiment, name)


def _exit_with_parent(parent: int) -> None:
    """End this process at once when its parent has ended."""
    while os.getppid() == parent:
        time.sleep(_CHECK_INTERVAL)
    os._exit(0)


def _parser(experiments: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m core.subprocesses.child", description="Answers step by step.")
    parser.add_argument("name", choices=list(experiments))
    parser.add_argument("descriptor", type=int, help="the open connection, inherited")
    parser.add_argument("--idle", type=float, default=IDLE, help="seconds without a request until it ends")
    return parser


if __name__ == "__main__":
    sys.exit(main())
