from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from core.contract.config import ClassifierConfig
from core.errors import RunError, SettingsError
from core.messages import message
from core.runs import Control, Run, RunStore, expected_wait, position, start, worker_count
from core.runs.process import queue
from core.runs.store import locks
from tests.refusals import raises
from tests.runs.conftest import kill

Until = Callable[[Callable[[], object]], None]
Fake = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def _one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", "1")


@pytest.fixture
def closed(store: RunStore) -> locks.Lock:
    """Take the only slot, so that every run waits until the lock is released."""
    (store.root / "slots").mkdir(parents=True)
    lock = locks.take(store.root / "slots" / "0.lock")
    assert lock is not None
    return lock


# how many


def test_the_environment_sets_how_many_runs_train_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", " 3 ")
    assert worker_count() == 3


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "65", "9" * 5000, "²"])
def test_an_invalid_number_of_workers_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, run: Run, text: str
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", text)
    with raises(SettingsError, "settings.whole_number", name="DEEP_IMAGE_LAB_WORKERS", low=1, high=64):
        start(run)
    assert run.status().state == "created"


# whose turn


def test_runs_wait_in_line_and_train_one_after_the_other(
    closed: locks.Lock, started: Callable[[list[str]], Run], fake: Fake, until: Until
) -> None:
    runs = [started(fake(2, 0.05)) for _ in range(3)]
    assert [position(run) for run in runs] == [1, 2, 3]
    assert [run.status().state for run in runs] == ["waiting"] * 3
    closed.release()
    until(lambda: all(run.status().state == "finished" for run in runs))
    first, second, third = (run.status() for run in runs)
    assert first.ended <= second.started < second.ended <= third.started
    assert [position(run) for run in runs] == [0, 0, 0]


def test_two_slots_train_two_runs_at_once(
    monkeypatch: pytest.MonkeyPatch, started: Callable[[list[str]], Run], fake: Fake, until: Until
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", "2")
    runs = [started(fake(1000, 0.05)) for _ in range(3)]
    until(lambda: [run.status().state for run in runs[:2]] == ["running"] * 2)
    assert (runs[2].status().state, position(runs[2])) == ("waiting", 1)
    for run in runs:
        run.request(Control.STOP)
    until(lambda: all(run.status().state == "stopped" for run in runs))


def test_a_waiting_run_can_be_stopped_without_importing_the_lab(
    closed: locks.Lock, started: Callable[[list[str]], Run], fake: Fake, until: Until
) -> None:
    run, other = started(fake()), started(fake())
    run.request(Control.STOP)
    until(lambda: run.status().state == "stopped")
    assert run.status().message == message("runs.stopped_waiting")
    assert (position(run), position(other)) == (0, 1)
    assert run.log.read_text() == ""
    closed.release()
    until(lambda: other.status().state == "finished")


def test_a_waiting_run_that_is_killed_loses_its_place(
    closed: locks.Lock, started: Callable[[list[str]], Run], fake: Fake, until: Until
) -> None:
    run, other = started(fake()), started(fake())
    kill(run, until)
    assert run.status().state == "interrupted"
    assert (position(run), position(other)) == (0, 1)
    closed.release()
    until(lambda: other.status().state == "finished")


def test_a_training_run_that_is_killed_is_interrupted_and_frees_its_slot(
    started: Callable[[list[str]], Run], fake: Fake, until: Until
) -> None:
    run = started(fake(1000, 0.05))
    until(lambda: len(run.record.events()[0]) > 2)
    other = started(fake())
    kill(run, until)
    assert run.status().state == "interrupted"
    assert [event.step for event in run.record.events()[0][1:3]] == [1, 2]
    until(lambda: other.status().state == "finished")


def test_a_full_queue_is_reported_in_one_sentence(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, closed: locks.Lock
) -> None:
    monkeypatch.setattr(queue, "WAITING_LIMIT", 1)
    first, second = store.create(ClassifierConfig()), store.create(ClassifierConfig())
    lock = first.lock()
    queue.join(first)
    with pytest.raises(RunError) as refused:
        start(second)
    assert refused.value.message.key == "runs.queue_full"
    assert second.status().state == "created"
    assert not second.is_locked()
    lock.release()


def test_the_limit_of_runs_of_a_visitor_does_not_hold_up_others(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, fake: Fake, until: Until
) -> None:
    monkeypatch.setattr(queue, "VISITOR_LIMIT", 2)
    training, waiting, third = (store.create(ClassifierConfig(), visitor="me") for _ in range(3))
    start(training, command=fake(1000, 0.05))
    until(lambda: training.status().state == "running")
    start(waiting, command=fake())
    with pytest.raises(RunError) as refused:
        start(third)
    assert refused.value.message.key == "runs.visitor_limit"
    assert third.status().state == "created"
    assert not third.is_locked()

    stranger, nobody = store.create(ClassifierConfig(), visitor="you"), store.create(ClassifierConfig())
    start(stranger, command=fake())
    start(nobody, command=fake())
    training.request(Control.STOP)
    until(lambda: nobody.status().state == "finished")
    start(third, command=fake())
    until(lambda: third.status().state == "finished")


def test_the_training_runs_are_those_in_the_slots(
    store: RunStore, run: Run, fake: Fake, until: Until
) -> None:
    assert queue.training(store.root) == []
    start(run, command=fake(1000, 0.05))
    until(lambda: run.status().state == "running")
    assert queue.training(store.root) == [run]
    kill(run, until)
    assert queue.training(store.root) == []


def test_the_expected_wait_is_the_remaining_time_of_the_runs_ahead(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", "2")
    runs = [store.create(ClassifierConfig()) for _ in range(6)]
    held = [run.lock() for run in runs]
    slots = [queue.take_slot(run) for run in runs[:2]]
    for run in runs[2:]:
        queue.join(run)
    usual = queue.USUAL_SECONDS  # the time of the two is not known yet
    assert [expected_wait(run) for run in runs[2:]] == [usual, usual, 2 * usual, 2 * usual]

    runs[0].write_status(state="running", step=25, total_steps=100, seconds=50.0)  # 150 s more of 200
    runs[1].write_status(state="running", step=80, total_steps=100, seconds=80.0)  # 20 s more of 100
    assert [expected_wait(run) for run in runs[2:]] == [20, 150, 170, 300]
    runs[1].write_status(state="paused")
    assert expected_wait(runs[3]) == 150  # as if it went on at once
    slots[1].release()
    assert expected_wait(runs[2]) == 0
    for lock in (*held, slots[0]):
        lock.release()


def test_a_run_that_joins_again_goes_to_the_end_of_the_queue(store: RunStore) -> None:
    old, new = store.create(ClassifierConfig()), store.create(ClassifierConfig())
    held = [run.lock() for run in (old, new)]
    for run in (old, new, old):
        queue.join(run)
    assert (position(new), position(old)) == (1, 2)
    for lock in held:
        lock.release()


def test_a_run_without_a_ticket_draws_one_and_gets_its_turn(run: Run) -> None:
    lock = run.lock()
    slot = queue.wait_for_turn(run, lambda: False)
    assert slot is not None
    assert position(run) == 0
    slot.release()
    lock.release()


# by whose turn


def held(store: RunStore, visitor: str, address: str) -> tuple[Run, locks.Lock]:
    """Return a run that has joined the queue, and its lock, as its worker would hold it."""
    run = store.create(ClassifierConfig(), visitor=visitor, address=address)
    lock = run.lock()
    queue.join(run)
    return run, lock


def test_seven_invented_visitors_with_21_runs_delay_an_eighth_by_one_run(store: RunStore) -> None:
    crowd = [held(store, f"invented-{n}", "there") for n in range(7) for _ in range(3)]
    training, _ = crowd[0]
    slot = queue.take_slot(training)
    queue.leave(training)
    eighth, lock = held(store, "eighth", "here")
    slot.release()
    runs = [run for run, _ in crowd] + [eighth]
    trained = []
    while eighth not in trained:
        (first,) = [run for run in runs if position(run) == 1]
        slot = queue.take_slot(first)
        queue.leave(first)
        slot.release()
        trained.append(first)
    assert len(trained) <= 2  # at most one run, then the eighth's
    for _, other in [*crowd, (eighth, lock)]:
        other.release()


def test_another_server_with_the_same_home_sees_the_same_order(store: RunStore) -> None:
    waiting = [held(store, visitor, address) for visitor, address in ("ax", "ax", "bx", "cy", "by")]
    first, one = held(store, "c", "y")
    slot = queue.take_slot(first)
    queue.leave(first)
    runs = [run for run, _ in waiting]
    script = (
        "import sys; from pathlib import Path; from core.runs import Run, position;"
        "print(*[position(Run(Path(folder))) for folder in sys.argv[1:]])"
    )
    command = [sys.executable, "-c", script, *[str(run.folder) for run in runs]]
    other = subprocess.run(command, check=True, capture_output=True, text=True)
    assert [int(place) for place in other.stdout.split()] == [position(run) for run in runs]
    assert sorted(position(run) for run in runs) == [1, 2, 3, 4, 5]
    for lock in (slot, one, *[lock for _, lock in waiting]):
        lock.release()


def test_an_address_is_limited_however_many_visitors_it_invents(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_ADDRESS_RUNS", "2")
    (training, first), (_, second) = held(store, "a", "there"), held(store, "b", "there")
    slot = queue.take_slot(training)
    queue.leave(training)
    third = store.create(ClassifierConfig(), visitor="c", address="there")
    with pytest.raises(RunError) as caught:
        start(third)
    assert caught.value.message.key == "runs.address_limit"
    assert third.status().state == "created"
    _, other = held(store, "c", "here")
    for lock in (first, second, other, slot):
        lock.release()


def test_an_unreadable_record_of_turns_does_not_stop_the_queue(store: RunStore) -> None:
    (first, one), (second, two) = held(store, "a", "x"), held(store, "b", "y")
    (store.root / "queue/turns.json").write_text("{")
    assert (position(first), position(second)) == (1, 2)
    for lock in (one, two, queue.take_slot(first)):
        lock.release()
