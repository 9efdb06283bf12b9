"""Keep one worker warm: a process that has imported the lab and waits a few minutes for a run.

It serves one run, so that nothing of one visitor reaches the next, and is then replaced by another. If it is
missing, dead, or was started in another environment, a run starts cold and nothing is lost.

    <home>/warm/<fingerprint>.lock   held by the only warm worker for such an environment
    <home>/warm/<fingerprint>        its Unix socket

A run is handed over as open files: its lock, the slot in which it trains, its log. An ``flock`` belongs to
the open file, so the run stays locked all the time, whichever process dies meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from core import capacity, host, settings
from core.runs.store import files, locks
from core.runs.store.run import Run

CODE_SECONDS = 10  # for which the time of the last change of the code is remembered
ANSWER = 2.0  # seconds within which a warm worker must answer

_ROOT = Path(__file__).resolve().parents[3]
_WORKER = (sys.executable, "-m", "core.runs.process.warm_worker")
_READY, _GO = b"ready", b"go"


def prepare(home: Path, environment: dict[str, str], *, command: Sequence[str] = _WORKER) -> bool:
    """Start a warm worker unless there is one or the settings forbid it; return whether it was started.

    Raises:
        SettingsError: when a setting is invalid.
        RunError: when the home folder cannot be written to.
    """
    asked = settings.parse(environment)
    if not capacity.capacity(asked, host.measured()).warm_minutes or asked.cluster:
        return False
    place = _place(home, environment)
    with files.run_errors(home):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = locks.take(place.with_suffix(".lock"))
    if lock is None:
        return False
    try:
        return _spawn([*command, str(place), str(lock.descriptor)], environment, lock)
    finally:
        lock.release()  # the worker keeps it


def hand_over(run: Run, lock: locks.Lock, slot: locks.Lock, environment: dict[str, str]) -> bool:
    """Hand a run and its slot to the warm worker; return whether one accepted them."""
    place = _place(run.home, environment)
    try:
        with socket.socket(socket.AF_UNIX) as line, open(run.log, "ab") as log:
            line.settimeout(ANSWER)
            line.connect(str(place))
            descriptors = [lock.descriptor, slot.descriptor, log.fileno()]
            socket.send_fds(line, [str(run.folder).encode()], descriptors)
            if line.recv(len(_READY)) != _READY:
                return False
            line.sendall(_GO)
    except OSError:  # no worker, a path too long for a socket, or no answer in time
        return False
    return True


def receive(listener: socket.socket) -> tuple[Path, list[int]] | None:
    """Return the folder and the open files of the first run that is handed over completely.

    This is the worker's side. Return None when no run came before the listener's timeout.
    """
    while True:
        try:
            line, _ = listener.accept()
        except TimeoutError:
            return None
        with line, suppress(OSError):
            line.settimeout(ANSWER)
            content, descriptors, _, _ = socket.recv_fds(line, 4096, 3)
            with suppress(OSError):
                line.sendall(_READY)
                if line.recv(len(_GO)) == _GO:
                    return Path(os.fsdecode(content)), descriptors
            for descriptor in descriptors:  # the run was started in another way meanwhile
                os.close(descriptor)


def _spawn(command: list[str], environment: dict[str, str], lock: locks.Lock) -> bool:
    try:
        process = subprocess.Popen(
            command,
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[lock.descriptor],
            start_new_session=True,
        )
    except OSError:
        return False  # a run that cannot start either reports why
    threading.Thread(target=process.wait, name="collect-warm", daemon=True).start()
    return True


def _place(home: Path, environment: dict[str, str]) -> Path:
    """Return the socket path of a worker equal to a new one: same machine, code and environment."""
    ours = {name: value for name, value in environment.items() if name.startswith(("DEEP_", "TF_", "OMP_"))}
    code = _code_stamp(int(time.monotonic() / CODE_SECONDS))
    told = repr((socket.gethostname(), sys.executable, str(_ROOT), code, sorted(ours.items())))
    return home / "warm" / hashlib.sha256(told.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _code_stamp(period: int) -> int:
    """Return when the code was changed last, in nanoseconds; Train asks for it at each run of its script."""
    return max(file.stat().st_mtime_ns for file in (_ROOT / "core").rglob("*.py"))
