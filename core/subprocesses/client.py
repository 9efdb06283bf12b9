"""Start child processes, send them requests and notice when they end."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from core.errors import ExperimentError
from core.messages import Progress
from core.subprocesses.places import ProcessLimit, ProcessOwner
from core.subprocesses.registry import ENDED_IDLE

PATIENCE = 20.0  # seconds for an answer, or from one report of progress to the next
START_PATIENCE = 90.0  # the same while libraries are loaded, by a busy machine

_ROOT = Path(__file__).resolve().parents[2]
_WORKER = (sys.executable, "-m", "core.subprocesses.child")


class ChildProcess:
    """One experiment of one visitor, in a child process that runs as long as this handle exists.

    It ends earlier when its owner starts another, or has left.

    ``ChildProcess(name, options, limit=limit)`` returns before the child has loaded anything; ``wait`` shows
    the progress of loading, and ``ask`` waits by itself.

    Raises:
        ExperimentError: when all places are taken, or no process can be started.
    """

    def __init__(
        self,
        name: str,
        options: dict[str, Any] | None = None,
        *,
        limit: ProcessLimit,
        owner: ProcessOwner | None = None,
        command: Sequence[str] = _WORKER,
        inherited: Callable[[], AbstractContextManager[Sequence[int]]] = lambda: nullcontext(()),
    ) -> None:
        """Start the process, in which the files that ``inherited`` opens for it remain open."""
        self.name = name
        self.options = options or {}
        self._lock = threading.Lock()
        self._number = 0  # of the last request
        self._ready = False
        self._connection, theirs = multiprocessing.Pipe()

        def spawn() -> subprocess.Popen[bytes]:
            with inherited() as files:
                return _spawn([*command, name, str(theirs.fileno())], [theirs.fileno(), *files])

        try:
            self._place = limit.take(spawn, owner)
        finally:
            theirs.close()  # while this copy is open, the end of the child goes unnoticed
        self._process = self._place.process
        self._finalizer = weakref.finalize(self, _end, self._process, self._connection)
        self._send("make", self.options)

    @property
    def alive(self) -> bool:
        """True while the process can answer."""
        return self._finalizer.alive and self._process.poll() is None

    def wait(self, progress: Progress | None = None, timeout: float = START_PATIENCE) -> None:
        """Wait until the experiment is ready; report to ``progress``.

        Raises:
            ExperimentError: when it cannot be built, ends, or sends nothing for ``timeout`` seconds.
        """
        with self._lock:
            self._wait(progress, timeout)

    def ask(
        self, method: str, *, timeout: float = PATIENCE, progress: Progress | None = None, **arguments: Any
    ) -> Any:
        """Return the answer of the experiment's method of that name.

        Raises:
            ExperimentError: when the experiment refuses, with its message (it stays usable); or when the
                process ended or sends nothing for ``timeout`` seconds, and has to be started again (see
                ``alive``).
        """
        with self._lock:
            self._begin(method, arguments)
            return self._answer(timeout, progress)

    def begin(self, method: str, **arguments: Any) -> None:
        """Send a request as ``ask`` does, without waiting for the answer, which ``finish`` returns."""
        with self._lock:
            self._begin(method, arguments)

    def answered(self, seconds: float) -> bool:
        """Wait up to these seconds; return whether ``finish`` need not wait, or the child has ended."""
        with suppress(OSError):
            return self._connection.poll(seconds)
        return True

    def finish(self, *, timeout: float = PATIENCE) -> Any:
        """Return the answer to the request that ``begin`` sent; errors are those of ``ask``."""
        with self._lock:
            return self._answer(timeout, None)

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Exit code of the child, negative for a signal; None while it runs."""
        return self._process.poll()

    def close(self) -> None:
        """End the child at once; may be called twice."""
        self._finalizer()

    def _begin(self, method: str, arguments: dict[str, Any]) -> None:
        self._wait(None, START_PATIENCE)
        self._number += 1
        self._send(method, arguments)

    def _wait(self, progress: Progress | None, timeout: float) -> None:
        if self._ready:
            return
        try:
            self._answer(timeout, progress)
        except ExperimentError:
            self.close()  # the process is of no use without the experiment
            raise
        self._ready = True

    def _send(self, method: str, arguments: dict[str, Any]) -> None:
        try:
            self._connection.send((self._number, method, arguments))
        except OSError as error:
            raise self.ended() from error

    def _answer(self, timeout: float, progress: Progress | None) -> Any:
        """Return the answer to the last request; drop answers to earlier requests."""
        deadline = time.monotonic() + timeout
        while True:
            number, kind, content = self._receive(deadline, timeout)
            if kind == "progress":
                deadline = time.monotonic() + timeout
                if progress is not None and number == self._number:
                    progress(*content)
            elif number == self._number:
                if kind != "answer":
                    key, values = content.key, content.values
                    raise ExperimentError(key, **values)
                return content

    def _receive(self, deadline: float, timeout: float) -> tuple[int, str, Any]:
        try:
            if self._connection.poll(max(0.0, deadline - time.monotonic())):
                return self._connection.recv()
        except (EOFError, OSError) as error:
            raise self.ended() from error
        self.close()
        raise ExperimentError("subprocesses.no_answer", seconds=timeout)

    def ended(self) -> ExperimentError:
        """Return why the process has ended; if it has not within two seconds, end it."""
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            code = None
        self.close()
        if self._place.ended_by:
            key = self._place.ended_by
            return ExperimentError(key)
        if code == ENDED_IDLE:
            return ExperimentError("subprocesses.ended_idle")
        return ExperimentError("subprocesses.ended")


def _spawn(command: Sequence[str], inherited: Sequence[int]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=inherited,
            start_new_session=True,  # Ctrl-C reaches only the server, which closes the connection
        )
    except OSError as error:
        raise ExperimentError("subprocesses.not_started", reason=error.strerror or str(error)) from error


def _end(process: subprocess.Popen[bytes], connection: Connection) -> None:
    connection.close()
    process.kill()  # at once, because the child has nothing to save
    process.wait()


def _environment() -> dict[str, str]:
    """Return the child's environment: one thread, because all visitors share the cores."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    return {"TF_CPP_MIN_LOG_LEVEL": "3", **threads, **os.environ, "PYTHONPATH": path}
