"""Wait for a run with the lab imported: ``python -m core.runs.process.warm_worker SOCKET LOCK``."""

from __future__ import annotations

import argparse
import faulthandler
import os
import queue
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from core import capacity, host
from core.runs.process import warm_start, worker
from core.runs.store import locks
from core.runs.store.run import Run


def main(arguments: Sequence[str] | None = None, lab: Callable[[], worker.LabFunctions] | None = None) -> int:
    """Listen at once, import meanwhile, and serve the first run that comes in time."""
    asked = _parser().parse_args(arguments)
    faulthandler.enable()
    host.lower_priority(worker.NICE)
    lock = locks.Lock.inherited(asked.lock)
    inbox: queue.SimpleQueue[tuple[Path, list[int]] | None] = queue.SimpleQueue()
    listener = _listener(asked.socket)
    threading.Thread(target=lambda: inbox.put(_first(listener, asked.socket)), daemon=True).start()
    imported = (lab or _import_and_warm_up)()
    task = inbox.get()
    lock.release()  # another worker may be warmed now
    if task is None:
        return 0
    folder, (run_lock, slot, log) = task
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    return worker.serve(
        Run(folder), locks.Lock.inherited(run_lock), lambda: imported, locks.Lock.inherited(slot)
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m core.runs.process.warm_worker", description="Wait for a run.")
    parser.add_argument("socket", type=Path, help="the socket to listen on")
    parser.add_argument("lock", type=int, help="the inherited open file of the warm worker's lock")
    return parser


def _listener(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)  # left by a killed worker
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    listener.settimeout(60 * capacity.current().warm_minutes)
    return listener


def _first(listener: socket.socket, path: Path) -> tuple[Path, list[int]] | None:
    try:
        return warm_start.receive(listener)
    finally:
        path.unlink(missing_ok=True)
        listener.close()


def _import_and_warm_up() -> worker.LabFunctions:
    """Return the lab after a few discarded steps, which import and compile what the first steps need."""
    lab = worker.import_lab()
    from core.lab.training import warm_up  # noqa: PLC0415 (imports TensorFlow)

    warm_up.warm_up()
    return lab


if __name__ == "__main__":
    sys.exit(main())
