from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from core.contract.events import ClassifierSteps, EpochEnd, Event, Finished, Preparing
from core.contract.learning_rates import RateChange
from core.errors import RunError
from core.messages import Message, Progress, message
from core.runs import Control, Run, RunStore, start
from core.runs.process import queue
from core.runs.process.launch import steer
from core.runs.process.recorder import record
from core.runs.process.steering import PlaceLimits
from core.runs.process.worker import LabFunctions, work
from core.runs.store.run import ParkedError
from tests.refusals import raises
from tests.runs.fake_training import FakeTraining, publish, trained

Until = Callable[[Callable[[], object]], None]
Fake = Callable[..., list[str]]


@pytest.fixture
def run(free_run: Run) -> Iterator[Run]:
    """Hold the lock of a run, as its worker would."""
    lock = free_run.lock()
    yield free_run
    lock.release()


def test_a_pause_pulls_no_more_events_and_a_step_pulls_one(run: Run, until: Until) -> None:
    training = FakeTraining(50, lambda pulled: pulled == 4 and run.request(Control.PAUSE))
    thread = threading.Thread(target=record, args=(training, run))
    thread.start()
    until(lambda: run.status().state == "paused")
    time.sleep(0.2)
    assert training.pulled == 5
    assert run.status().message == message("runs.paused", step=3)
    for pulled in (6, 7):
        run.request(Control.STEP)
        until(lambda pulled=pulled: run.status().message == message("runs.paused", step=pulled - 2))
        time.sleep(0.1)
        assert training.pulled == pulled
    run.request(Control.RUN)
    thread.join(10)
    assert len(run.record.events()[0]) == training.pulled == 53
    assert [step for step, _ in training.steered] == [None, 4, 5, None]


def test_a_request_for_an_epoch_trains_until_after_its_validation(run: Run, until: Until) -> None:
    class Owing(FakeTraining):
        """Train epochs of 10 steps, each with a validation at its end."""

        def __iter__(self) -> Iterator[Event]:
            for event in super().__iter__():
                self.event_pending = isinstance(event, ClassifierSteps) and event.step % 10 == 0
                yield event
                if self.event_pending:
                    self.event_pending = False
                    yield self._pull(EpochEnd(event.step // 10, event.step, 0.5, 0.5, 1.0))

    training = Owing(30, lambda pulled: pulled == 4 and run.request(Control.PAUSE))
    thread = threading.Thread(target=record, args=(training, run))
    thread.start()
    until(lambda: run.status().message == message("runs.paused", step=3))
    for epoch in (1, 2):
        run.request(Control.EPOCH)
        until(lambda epoch=epoch: run.status().message == message("runs.paused", step=10 * epoch))
        assert run.record.events()[0][-1] == EpochEnd(epoch, 10 * epoch, 0.5, 0.5, 1.0)
    run.request(Control.RUN)
    thread.join(10)
    assert training.step == 30


def test_a_change_of_the_learning_rate_is_kept_with_its_step(run: Run) -> None:
    def ask(pulled: int) -> None:
        for when, factor in ((4, 0.5), (7, 0.5), (9, 2)):
            if pulled == when:
                run.request_rate(factor)

    training = FakeTraining(10, ask)
    record(training, run)
    assert run.rate_changes() == (RateChange(3, 0.5), RateChange(8, 2.0))
    assert [changes for _, changes in training.steered] == [
        (),
        (RateChange(3, 0.5),),
        (RateChange(3, 0.5), RateChange(8, 2.0)),
    ]


def test_a_resumed_run_makes_its_later_rate_changes_unless_a_new_one_is_requested(run: Run) -> None:
    run.write_rate_changes([RateChange(2, 0.5), RateChange(6, 0.25)])
    training = FakeTraining(10, lambda pulled: pulled == 6 and run.request_rate(4))
    record(training, run)
    assert training.steered[0][1] == (RateChange(2, 0.5), RateChange(6, 0.25))
    assert training.steered[1][1] == run.rate_changes() == (RateChange(2, 0.5), RateChange(5, 4.0))


@pytest.mark.parametrize("factor", [0, -1, 1e9, float("nan"), True, "2"])
def test_a_learning_rate_out_of_range_is_refused_in_one_sentence(run: Run, factor: float) -> None:
    with pytest.raises(RunError) as refused:
        run.request_rate(factor)
    assert refused.value.message.key == "contract.rate_factor"
    assert run.requested().rate_factor is None


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", "[[1, 2, 3]]", "[[1, 0]]", "[[2, 1], [1, 1]]", "[[0.5, 1]]"]
)
def test_damaged_rate_changes_fail_the_run_with_one_sentence(run: Run, content: str) -> None:
    (run.folder / "rates.json").write_text(content)
    status = trained(run, FakeTraining())
    assert status.state == "failed"
    assert status.message.key.startswith("contract.")


def test_a_discarded_run_leaves_nothing(store: RunStore, run: Run) -> None:
    training = FakeTraining(50, lambda pulled: pulled == 4 and store.discard(run.id))
    run.write_status(state="running")
    trained(run, training)
    assert training.pulled == 5
    assert list((store.root / "runs").iterdir()) == []


def _paused_thread(run: Run, until: Until) -> threading.Thread:
    """Train a run in a thread until it is paused; return the thread."""
    training = FakeTraining(50, lambda pulled: pulled == 4 and run.request(Control.PAUSE))
    thread = threading.Thread(target=trained, args=(run, training))
    thread.start()
    until(lambda: run.status().state == "paused")
    return thread


def test_a_paused_run_can_be_discarded(store: RunStore, run: Run, until: Until) -> None:
    thread = _paused_thread(run, until)
    store.discard(run.id)
    thread.join(10)
    assert store.list() == []


def test_a_run_that_has_ended_cannot_be_steered(run: Run) -> None:
    run.write_status(state="finished")
    for ask in (lambda: run.request(Control.STOP), lambda: run.request_rate(2)):
        with raises(RunError, "runs.has_ended"):
            ask()


def test_two_tabs_steer_one_run_and_neither_can_undo_the_stop_of_the_other(run: Run, until: Until) -> None:
    tabs = [Run(run.folder), Run(run.folder)]
    training = FakeTraining(10_000, lambda pulled: time.sleep(0.001))
    thread = threading.Thread(target=trained, args=(run, training))
    thread.start()
    until(lambda: run.status().state == "running")
    tabs[0].request(Control.PAUSE)
    tabs[1].request_rate(0.5)
    until(lambda: run.status().state == "paused")
    assert tabs[0].requested().rate_factor == 0.5
    tabs[1].request(Control.STEP)
    tabs[0].request(Control.RUN)
    assert tabs[1].request(Control.STOP) is Control.STOP
    assert tabs[0].request(Control.PAUSE) is Control.STOP
    assert tabs[0].request(Control.STOP) is Control.STOP
    thread.join(10)
    assert run.status().state == "stopped"
    assert training.stops


def test_a_run_that_ended_early_says_by_which_condition(run: Run) -> None:
    class Satisfied(FakeTraining):
        def __iter__(self) -> Iterator[Event]:
            yield Finished(5, 1.0, reason=Message("It was good enough."))

    status = trained(run, Satisfied())
    assert status.state == "finished"
    assert status.message == message("runs.finished_early", steps=5, reason=Message("It was good enough."))


def test_a_pause_before_the_first_event_pulls_no_event(run: Run, until: Until) -> None:
    training = FakeTraining()
    run.request(Control.PAUSE)
    thread = threading.Thread(target=trained, args=(run, training))
    thread.start()
    until(lambda: run.status().state == "paused")
    assert training.pulled == 0
    run.request(Control.RUN)
    thread.join(10)
    assert run.status().state == "finished"


def test_a_stop_keeps_the_trained_model(run: Run) -> None:
    training = FakeTraining(50, lambda pulled: pulled == 4 and run.request(Control.STOP))
    status = trained(run, training)
    assert (status.state, status.step) == ("stopped", 3)
    assert status.message == message("runs.stopped", step=3)
    assert run.record.events()[0][-1].stopped
    assert (run.bundle / "card.json").exists()


def test_a_paused_run_can_be_stopped(run: Run, until: Until) -> None:
    thread = _paused_thread(run, until)
    run.request(Control.STOP)
    thread.join(10)
    assert run.status().state == "stopped"


def test_a_stop_cannot_be_undone(run: Run) -> None:
    class Stubborn(FakeTraining):
        def stop(self) -> None:
            super().stop()
            (run.folder / "control.json").write_text('{"control": "pause", "token": "1"}')

    training = Stubborn(50, lambda pulled: pulled == 4 and run.request(Control.STOP))
    assert trained(run, training).state == "stopped"


def test_a_stop_ends_the_loading_of_data(run: Run) -> None:
    def load(config: object, progress: Progress) -> FakeTraining:
        progress(Message("Loading MNIST."), 0.0)
        assert run.status().message == Message("Loading MNIST.")
        run.request(Control.STOP)
        progress(Message("Loading MNIST."), 0.5)
        raise AssertionError("loading continued")

    status = work(run, lambda: LabFunctions(load, publish))
    assert (status.state, status.message) == ("stopped", message("runs.stopped_early"))
    assert run.record.events()[0] == [Preparing(Message("Loading MNIST."), 0.0)]
    assert not run.bundle.exists()


def test_sigterm_stops_a_run_and_keeps_its_bundle(free_run: Run, fake: Fake, until: Until) -> None:
    run = free_run
    start(run, command=fake(1000, 0.05))
    until(lambda: run.status().step > 1)
    os.kill(run.status().pid, signal.SIGTERM)
    until(lambda: run.status().state == "stopped")
    assert run.bundle.exists()


# a place is for a while


def paused_at(run: Run, step: int, events: int = 9) -> FakeTraining:
    """Return a training during which a visitor pauses at a step."""
    return FakeTraining(events, lambda pulled: pulled == step + 1 and run.request(Control.PAUSE))


def test_a_long_pause_gives_the_place_back_with_a_checkpoint(run: Run) -> None:
    training = paused_at(run, 3)
    status = trained(run, training, PlaceLimits(pause=0.01))
    assert (status.state, status.step, status.message.key) == ("parked", 3, "runs.parked")
    assert not status.is_live
    assert not status.is_over
    assert run.checkpoint.is_dir()
    assert not run.bundle.exists()
    assert status.held > 0


def test_a_pause_says_for_how_long_it_keeps_the_place(run: Run, until: Until) -> None:
    limits = PlaceLimits(pause=120)
    thread = threading.Thread(target=trained, args=(run, paused_at(run, 3), limits))
    thread.start()
    until(lambda: run.status().message == message("runs.paused_for", step=3, minutes=2.0))
    run.request(Control.RUN)
    thread.join(10)
    assert run.status().state == "finished"


def test_a_pause_comes_after_the_last_event_of_its_step(run: Run) -> None:
    class Owing(FakeTraining):
        """Train steps that are each followed by a validation."""

        def __iter__(self) -> Iterator[Event]:
            for event in super().__iter__():
                self.event_pending = isinstance(event, ClassifierSteps)
                yield event
                if self.event_pending:
                    self.event_pending = False
                    yield EpochEnd(self.step, self.step, 0.5, 0.5, 1.0)

    training = Owing(9, lambda pulled: pulled == 3 and run.request(Control.PAUSE))
    assert trained(run, training, PlaceLimits(pause=0.01)).state == "parked"
    assert isinstance(run.record.events()[0][-1], EpochEnd)


def test_a_request_that_comes_at_the_last_moment_is_not_lost(run: Run) -> None:
    run.request(Control.PAUSE)
    assert not run.park(lambda: run.control() is not Control.PAUSE)
    run.write_status(state="paused")
    assert run.park(lambda: run.control() is Control.PAUSE)
    with pytest.raises(ParkedError):
        run.request(Control.RUN)
    assert run.control() is Control.PAUSE


@pytest.fixture
def parked(free_run: Run) -> Run:
    """Return a run that was parked at step 3, with a checkpoint."""
    lock = free_run.lock()
    trained(free_run, paused_at(free_run, 3), PlaceLimits(pause=0.01))
    lock.release()
    return free_run


def test_a_parked_run_continues_in_its_turn(parked: Run, fake: Fake, until: Until) -> None:
    slots = [queue.take_slot(parked) for _ in range(queue.worker_count())]
    steer(parked, Control.PAUSE)
    assert parked.status().state == "parked"
    steer(parked, Control.EPOCH, command=fake(can_restore=True))
    assert (parked.status().state, queue.position(parked)) == ("waiting", 1)
    assert parked.control() is Control.EPOCH
    for slot in slots:
        slot.release()
    until(lambda: parked.status().state == "finished")


def test_a_parked_run_that_is_stopped_keeps_its_network(parked: Run, fake: Fake, until: Until) -> None:
    steer(parked, Control.STOP, command=fake(1000, can_restore=True))
    until(lambda: parked.status().is_over)
    assert parked.status().state == "stopped"
    assert (parked.bundle / "card.json").exists()


def test_a_parked_run_is_discarded_at_once(store: RunStore, parked: Run) -> None:
    steer(parked, Control.DISCARD)
    assert store.list() == []


@pytest.mark.parametrize(
    ("setting", "asked", "end"),
    [
        ("PAUSE_MINUTES", Control.PAUSE, ("parked", "runs.parked")),
        ("RUN_MINUTES", Control.RUN, ("finished", "runs.out_of_time")),
    ],
)
def test_a_worker_keeps_its_place_as_long_as_the_settings_allow(
    free_run: Run,
    monkeypatch: pytest.MonkeyPatch,
    fake: Fake,
    until: Until,
    setting: str,
    asked: Control,
    end: tuple[str, str],
) -> None:
    monkeypatch.setenv(f"DEEP_IMAGE_LAB_{setting}", "0.001")
    start(free_run, command=fake(10_000, 0.01))
    free_run.request(asked)
    until(lambda: not free_run.is_locked())
    status = free_run.status()
    assert (status.state, status.message.key) == end


@pytest.fixture
def fast_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a tenth of a second pass with each look at the clock."""
    ticks = count()
    monkeypatch.setattr(time, "monotonic", lambda: next(ticks) / 10)


@pytest.mark.usefixtures("fast_clock")
def test_a_run_that_is_out_of_time_finishes_with_what_it_has(run: Run) -> None:
    training = FakeTraining(10**6)
    status = trained(run, training, PlaceLimits(whole=10))
    assert (status.state, status.message.key) == ("finished", "runs.out_of_time")
    assert 0 < status.step < 10**6
    assert run.checkpoint.is_dir()
    assert run.bundle.is_dir()
    assert run.record.events()[0][-1] == Finished(
        status.step, status.seconds, stopped=True, metrics=status.metrics
    )


@pytest.mark.usefixtures("fast_clock")
def test_pauses_and_earlier_workers_count_towards_the_time_limit(run: Run) -> None:
    run.write_status(held=50.0)
    status = trained(run, paused_at(run, 3), PlaceLimits(whole=57))
    assert (status.state, status.step) == ("finished", 3)
    assert status.message.key == "runs.out_of_time"
    assert status.held >= 57
    assert time.monotonic() < 50, "the time of the earlier worker counts"
