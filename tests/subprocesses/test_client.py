from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import ExperimentError
from core.messages import Message, message
from core.subprocesses import ChildProcess, ProcessLimit, ProcessOwner
from tests.refusals import raises

FAKE = str(Path(__file__).with_name("fake_child.py"))

Start = Callable[..., ChildProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a counting experiment; end all of them after the test."""
    children: list[ChildProcess] = []

    def started(
        idle: float = 60,
        limit: ProcessLimit | None = None,
        owner: ProcessOwner | None = None,
        **options: Any,
    ) -> ChildProcess:
        command = (sys.executable, FAKE, str(idle))
        limit = limit or ProcessLimit(10)
        children.append(ChildProcess("counter", options, limit=limit, owner=owner, command=command))
        return children[-1]

    yield started
    for child in children:
        child.close()


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "the condition stayed false"
        time.sleep(0.02)


def test_an_experiment_keeps_its_state_and_answers_with_arrays_and_numbers(start: Start) -> None:
    child = start(start=2)

    assert child.ask("add", number=1)["value"] == 3
    answer = child.ask("add", number=1)

    assert answer["value"] == 4
    np.testing.assert_array_equal(answer["history"], np.arange(4))
    assert answer["pid"] != os.getpid()


def test_starting_and_long_answers_report_progress(start: Start) -> None:
    heard: list[Message] = []
    child = start()

    child.wait(lambda told, share: heard.append(told))
    child.wait(lambda told, share: heard.append(told))  # returns at once: the experiment has started
    assert child.ask("count", steps=2, seconds=0.0, progress=lambda told, share: heard.append(told)) == 2

    drawing = [message("datasets.drawing", total=i) for i in range(2)]
    assert heard[-3:] == [message("subprocesses.building"), *drawing]


def test_two_visitors_have_two_experiments(start: Start) -> None:
    first, second = start(), start(start=10)

    assert first.ask("add", number=1)["value"] == 1
    assert second.ask("add", number=1)["value"] == 11


def test_an_experiment_continues_after_an_error(start: Start) -> None:
    child = start()

    with pytest.raises(ExperimentError) as refused:
        child.ask("add", number=float("nan"))
    assert refused.value.message == message("settings.number", name="number", low=0, high=9, value="nan")
    for nonsense in ("stumble", "nothing", "__init__"):
        with raises(ExperimentError, "subprocesses.unexpected"):
            child.ask(nonsense)

    assert child.alive
    assert child.ask("add", number=1)["value"] == 1


def test_invalid_options_are_refused_and_the_child_ends(start: Start) -> None:
    child = start(start=-1)

    with raises(ExperimentError, "settings.whole_number", name="start"):
        child.wait()

    assert not child.alive


def test_the_death_of_a_child_during_a_step_is_noticed_before_the_timeout(start: Start) -> None:
    child = start()

    with raises(ExperimentError, "subprocesses.ended"):
        child.ask("die")

    assert not child.alive
    with raises(ExperimentError, "subprocesses.ended"):
        child.ask("add", number=1)


def test_an_experiment_that_answers_too_late_is_ended(start: Start) -> None:
    child = start()
    pid = child.ask("add", number=0)["pid"]

    with raises(ExperimentError, "subprocesses.no_answer"):
        child.ask("sleep", seconds=60, timeout=0.1)

    assert not child.alive
    _until(lambda: not _lives(pid))


def test_reporting_progress_extends_the_timeout(start: Start) -> None:
    child = start()
    child.wait()

    assert child.ask("count", steps=12, seconds=0.1, timeout=1.0) == 12


def test_the_answer_to_an_abandoned_question_is_not_taken_for_the_next(start: Start) -> None:
    child = start()

    def interrupted(told: Message, share: float | None) -> None:
        raise KeyboardInterrupt  # as Streamlit ends a script that is run again

    with pytest.raises(KeyboardInterrupt):
        child.ask("count", steps=3, seconds=0.0, progress=interrupted)

    assert child.ask("add", number=5)["value"] == 5


def test_experiments_beyond_the_limit_are_refused(start: Start) -> None:
    limit = ProcessLimit(2)
    first, second = start(limit=limit), start(limit=limit)

    with raises(ExperimentError, "subprocesses.all_taken"):
        start(limit=limit)

    first.close()
    assert start(limit=limit).ask("add", number=1)["value"] == 1
    assert second.alive


def test_an_idle_experiment_ends_and_makes_room_for_another(start: Start) -> None:
    limit = ProcessLimit(1)
    child = start(idle=0.2, limit=limit)
    child.wait()
    _until(lambda: not child.alive)

    with raises(ExperimentError, "subprocesses.ended_idle"):
        child.ask("add", number=1)

    assert start(limit=limit).ask("add", number=1)["value"] == 1


def test_a_child_ends_when_its_handle_is_deleted() -> None:
    child = ChildProcess("counter", limit=ProcessLimit(1), command=(sys.executable, FAKE, "60"))
    pid = child.ask("add", number=0)["pid"]

    del child
    gc.collect()

    _until(lambda: not _lives(pid))


ORPHAN = f"""
import os, sys, threading, time
from core.subprocesses import ProcessLimit, ChildProcess
child = ChildProcess("counter", limit=ProcessLimit(1), command=(sys.executable, {FAKE!r}, "60"))
print(child.ask("add", number=0)["pid"], flush=True)
if sys.argv[1] == "busy":
    threading.Thread(target=child.ask, args=["sleep"], kwargs={{"seconds": 60}}, daemon=True).start()
    time.sleep(0.2)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_a_child_ends_when_its_server_dies(state: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ORPHAN, state], capture_output=True, text=True, check=False, timeout=60
    )

    _until(lambda: not _lives(int(done.stdout)))


def test_a_replaced_child_says_so(start: Start) -> None:
    limit, me = ProcessLimit(1), ProcessOwner(frozenset({"me"}), lambda: True)
    first = start(limit=limit, owner=me)
    first.wait()
    second = start(limit=limit, owner=me)

    assert not first.alive
    assert first.ended().message.key == "subprocesses.replaced"
    with pytest.raises(ExperimentError) as ended:
        first.ask("add", number=1)
    assert ended.value.message.key == "subprocesses.replaced"
    assert second.ask("add", number=1)["value"] == 1
