"""Have visitors' pictures prepared by child processes, so that slow ones do not hold up the others.

All pictures go to the quick child, in the order in which they come. A session asks for one after another, so
sessions take turns. A picture that has taken half a second while others wait moves to the slow lane, with its
child; while another slow picture is there, it begins again after that, once it has had a second of work. A
spare child, which has loaded its libraries, then takes over at once. It is kept while several sessions use
pictures, so that nobody waits for a process to start. A child ends when it has had no picture for two
minutes.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import ExperimentError, ImageError
from core.inference.decoding_limits import SECONDS
from core.inference.picture_reading import Prepared
from core.subprocesses import ChildProcess, ProcessLimit

SLOW = 0.5  # seconds after which a picture for which others wait goes on in the slow lane
WORKED = 1.0  # seconds of processor time after which it leaves also if it has to begin again there
READY = 0.2  # seconds after which a spare child is started if there is none yet
HUNG = 300.0  # seconds without an answer; a picture's limit is its processor time
LIFE = 200  # pictures until the spare takes over, which frees any memory that a child kept
IDLE = 120  # seconds without a picture until a child ends
PART = 2**20  # bytes sent at once; a message is copied to be sent, and a file may have 32 MB
TRIES = 2  # a child may have ended just now

_CHECK = 0.05  # seconds between two looks at a picture that takes long; an answer is taken at once
_WORKER = (sys.executable, "-m", "core.subprocesses.child", "--idle", str(IDLE))


@dataclass(frozen=True)
class _Job:
    """A request to a child: its method and arguments, and what is sent before it, which may add to these."""

    name: str  # of the file
    send: Callable[[ChildProcess], dict[str, Any]]
    method: str
    arguments: dict[str, Any]


class DecodingPool:
    """Ask the child processes, from the server; safe for threads."""

    def __init__(self, name: str = "decoding", command: tuple[str, ...] = _WORKER) -> None:
        self._spare = _Spare(name, command)
        self._quick, self._slow = _Lane(self._spare), _Lane(self._spare)
        self._users: dict[str, float] = {}  # when each session came last
        self._lock = threading.Lock()

    def start(self, user: str = "") -> None:
        """Start the quick child if there is none, without waiting for it or for another visitor's picture.

        Once several users have come, a spare child is kept as well. A failure to start is reported when a
        picture is prepared.

        Args:
            user: the session that is about to use pictures.
        """
        with suppress(ExperimentError):
            if self._are_several(user):
                self._spare.keep()
            if not self._quick.enter_if_free():
                return  # another thread is using the child, so it has started
            try:
                self._quick.started()
            finally:
                self._quick.leave()

    def _are_several(self, user: str) -> bool:
        """Note that a user came; return whether there have been others lately."""
        now = time.monotonic()
        with self._lock:
            self._users[user] = now
            self._users = {one: came for one, came in self._users.items() if now - came < IDLE}
            return len(self._users) > 1

    def prepare(self, data: bytes, name: str, thorough: bool = True, turn: int = 0) -> Prepared:
        """Return what ``core.inference.picture_reading.prepare`` would, from a child.

        Raises:
            ImageError: when the bytes are no picture that can be read.
        """
        return self._ask_of_file(data, name, "prepare", thorough=thorough, turn=turn)

    def names(self, load: Callable[[], bytes], key: str, name: str) -> list[str]:
        """Return the printable names of the files in an archive, in its order.

        Args:
            load: returns the archive; called when the child does not have it already.
            key: unique to the archive.
            name: of the archive, for errors.

        Raises:
            ImageError: when it cannot be opened.
        """
        return self._ask_of_archive(load, key, name, "names")

    def empty_folders(self, load: Callable[[], bytes], key: str, name: str) -> list[str]:
        """Return the paths of the empty folders in an archive; arguments and errors as ``names``."""
        return self._ask_of_archive(load, key, name, "empty_folders")

    def prepare_member(
        self, load: Callable[[], bytes], key: str, name: str, number: int, thorough: bool = True
    ) -> Prepared:
        """Return a picture of an archive, by its number among ``names``; arguments and errors as there."""
        return self._ask_of_archive(load, key, name, "prepare_member", number=number, thorough=thorough)

    def reduce(self, data: bytes, name: str, sides: tuple[int, int]) -> bytes:
        """Return what ``core.images.reduced.reduced`` would, from a child.

        Raises:
            ImageError: when the bytes are no picture that can be read.
        """
        short, long = sides
        return self._ask_of_file(data, name, "reduce", short_side=short, long_side=long)

    def reduce_member(
        self, load: Callable[[], bytes], key: str, name: str, number: int, sides: tuple[int, int]
    ) -> bytes:
        """Return a small copy of a picture in an archive; arguments and errors as ``prepare_member``."""
        short, long = sides
        return self._ask_of_archive(
            load, key, name, "reduce_member", number=number, short_side=short, long_side=long
        )

    def close(self) -> None:
        """End the children; the next picture starts another."""
        for lane in (self._quick, self._slow):
            lane.enter()
            lane.close()
            lane.leave()
        self._spare.close()

    def _ask_of_file(self, data: bytes, name: str, method: str, **arguments: Any) -> Any:
        """Return the child's answer about a file; errors as ``prepare``."""
        return self._answer(
            _Job(name, lambda child: {"data": _send(child, data)}, method, {"name": name, **arguments})
        )

    def _ask_of_archive(
        self, load: Callable[[], bytes], key: str, name: str, method: str, **arguments: Any
    ) -> Any:
        """Return the child's answer about an archive; errors as ``names``."""
        return self._answer(_Job(name, lambda child: _hold(child, load, key, name), method, arguments))

    def _answer(self, job: _Job) -> Any:
        for _ in range(TRIES):
            try:
                answer = self._tried(job)
            except ExperimentError:  # the child has ended
                continue
            if isinstance(answer, ImageError):
                raise answer
            return answer
        raise ImageError("inference.decoding_failed", name=job.name)

    def _tried(self, job: _Job) -> Any:
        """Return an answer, which may be an error; begin in the quick lane, and go on in the slow one.

        Raises:
            ExperimentError: when the child ended.
        """
        lane = self._quick
        lane.enter()
        try:
            lane.begin(job)
            while not lane.answered(_CHECK):
                if lane.seconds > HUNG:
                    lane.close()
                    return ImageError("inference.decoding_failed", name=job.name)
                if lane is self._slow or not lane.others_wait or lane.seconds < READY:
                    continue
                with suppress(ExperimentError):
                    self._spare.keep()
                if lane.seconds > SLOW and self._slow.enter_if_free():
                    lane.change_places(self._slow)
                    lane.leave()
                    lane = self._slow
                elif lane.processor_seconds > WORKED:
                    lane.close()
                    lane.leave()
                    lane = self._slow
                    lane.enter()
                    lane.begin(job)
            return lane.finish()
        except ExperimentError:
            if lane.ran_out_of_time:
                return ImageError("inference.too_slow", name=job.name, seconds=SECONDS)
            raise
        finally:
            lane.leave()


class _Spare:
    """A child that waits to take over; safe for threads.

    There are three children at most: one in each lane, and this one.
    """

    def __init__(self, name: str, command: tuple[str, ...]) -> None:
        self._name, self._command = name, command
        self._limit = ProcessLimit(3)
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._asked = 0.0  # when the child was started, or was last asked so that it does not end

    def keep(self) -> None:
        """Start a child unless there is one; keep that from ending.

        Raises:
            ExperimentError: when no process can be started.
        """
        with self._lock:
            if self._child is None or not self._child.alive:
                self._child = self._new()
            elif time.monotonic() - self._asked > IDLE / 3:
                self._child.ask("holds", key="")
            else:
                return
            self._asked = time.monotonic()

    def take(self) -> _CountedChild:
        """Return the child, for which another is started, or a new one if there is none.

        Raises:
            ExperimentError: when no process can be started.
        """
        with self._lock:
            child, self._child = self._child, None
            if child is None or not child.alive:
                return _CountedChild(self._new())
            with suppress(ExperimentError):
                self._child, self._asked = self._new(), time.monotonic()
            return _CountedChild(child)

    def close(self) -> None:
        """End the child."""
        with self._lock:
            if self._child is not None:
                self._child.close()

    def _new(self) -> ChildProcess:
        return ChildProcess(self._name, limit=self._limit, command=self._command)


class _Lane:
    """One child, with a queue of threads that enter in the order in which they came.

    Only ``enter``, ``enter_if_free`` and ``others_wait`` may be used without having entered.
    """

    def __init__(self, spare: _Spare) -> None:
        self._spare = spare
        self._queue: deque[object] = deque()  # the first has entered
        self._change = threading.Condition()
        self._child: _CountedChild | None = None

    def enter(self) -> None:
        """Wait until all who came before have left."""
        ticket = object()
        with self._change:
            self._queue.append(ticket)
            self._change.wait_for(lambda: self._queue[0] is ticket)

    def enter_if_free(self) -> bool:
        """Enter and return True if nobody is there."""
        with self._change:
            if self._queue:
                return False
            self._queue.append(object())
            return True

    def leave(self) -> None:
        """Let the next one enter."""
        with self._change:
            self._queue.popleft()
            self._change.notify_all()

    @property
    def others_wait(self) -> bool:
        """True if more threads than the one that has entered are in the queue."""
        return len(self._queue) > 1

    def started(self) -> _CountedChild:
        """Return the child; take the spare or start one if there is none that may go on.

        Raises:
            ExperimentError: when no process can be started.
        """
        if self._child is not None and self._child.done >= LIFE:
            self.close()
        if self._child is None or not self._child.process.alive:
            self._child = self._spare.take()
        return self._child

    def begin(self, job: _Job) -> None:
        """Send a request to the child."""
        child = self.started()
        child.done += 1
        more = job.send(child.process)
        child.process.begin(job.method, **job.arguments, **more)
        child.began = time.monotonic()
        child.processor_began = _processor_seconds(child.process.pid)

    def answered(self, seconds: float) -> bool:
        """Wait up to these seconds; return whether the child has answered or ended."""
        return self._running.process.answered(seconds)

    def finish(self) -> Any:
        """Return the answer."""
        return self._running.process.finish()

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.process.close()

    def change_places(self, other: _Lane) -> None:
        """Exchange the children of two lanes, both of which the caller has entered."""
        self._child, other._child = other._child, self._child

    @property
    def seconds(self) -> float:
        """Time since the request was sent."""
        return time.monotonic() - self._running.began

    @property
    def processor_seconds(self) -> float:
        """Processor time that the child has spent on the request."""
        return _processor_seconds(self._running.process.pid) - self._running.processor_began

    @property
    def ran_out_of_time(self) -> bool:
        """True if the child ended because of its limit of processor time."""
        return self._child is not None and self._child.process.exit_code == -signal.SIGXCPU

    @property
    def _running(self) -> _CountedChild:
        assert self._child is not None
        return self._child


@dataclass
class _CountedChild:
    """A child, the number of its pictures, and when it began the last, by the clock and its own time."""

    process: ChildProcess
    done: int = 0
    began: float = 0.0
    processor_began: float = 0.0


def _processor_seconds(pid: int) -> float:
    """Return the processor time of a process; the time of the clock where the system has no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return time.monotonic()


def _send(child: ChildProcess, data: bytes) -> bytes:
    """Send a file in parts; return the last part, which goes with the request."""
    end = max(0, (len(data) - 1) // PART * PART)
    for start in range(0, end, PART):
        child.ask("take", timeout=HUNG, part=data[start : start + PART])
    return data[end:]


def _hold(child: ChildProcess, load: Callable[[], bytes], key: str, name: str) -> dict[str, Any]:
    """Let the child open an archive, unless it has that open.

    Raises:
        ImageError: when the archive cannot be opened.
    """
    if not child.ask("holds", timeout=HUNG, key=key):
        last = _send(child, load())
        error: ImageError | None = child.ask("open_archive", timeout=HUNG, key=key, name=name, data=last)
        if error is not None:
            raise error
    return {}
