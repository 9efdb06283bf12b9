from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.contract.config import ClassifierConfig
from core.contract.events import ClassifierSteps, EpochEnd, Event, Finished, Preparing, Samples, Started
from core.contract.learning_rates import Changes, RateChange
from core.errors import RunError
from core.messages import Message, Progress, message
from core.runs import Control, Run, RunStore, Status, start
from core.runs.process import full_disk, recorder
from core.runs.process.recorder import record
from core.runs.process.worker import LabFunctions, work

ROOT = Path(__file__).parents[3]
Until = Callable[[Callable[[], object]], None]
Fake = Callable[..., list[str]]


def steps(step: int) -> ClassifierSteps:
    return ClassifierSteps(step, [0.5], [0.75], [0.001], 100.0, step / 10)


class FakeTraining:
    """Yields what it is given; ``meanwhile(pulled)`` is called before each event."""

    def __init__(self, events: int = 3, meanwhile: Callable[[int], object] = lambda pulled: None) -> None:
        self.total, self.meanwhile = events, meanwhile
        self.pulled, self.stops = 0, 0
        self.steered: list[tuple[int | None, Changes]] = []

    def __iter__(self) -> Iterator[Event]:
        yield self._pull(Preparing(Message("Here we go.")))
        yield self._pull(Started(10, 20, 5, 1, self.total))
        while self.step < self.total and not self.stops:
            self.step += 1
            yield self._pull(steps(self.step))
        yield self._pull(Finished(self.step, self.step / 10, bool(self.stops), {"accuracy": 0.9}))

    def _pull(self, event: Event) -> Event:
        self.meanwhile(self.pulled)
        self.pulled += 1
        return event

    step, event_pending, steps_per_epoch = 0, False, 10

    def save(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)

    def restore(self, folder: Path) -> None:
        raise AssertionError("nothing was saved")

    def steer(self, until: int | None, changes: Changes) -> None:
        if (until, changes) not in self.steered[-1:]:
            self.steered.append((until, changes))

    def stop(self) -> None:
        self.stops += 1


def publish(training: FakeTraining, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "card.json").write_text("{}")


def trained(run: Run, training: FakeTraining) -> Status:
    return work(run, lambda: LabFunctions(lambda config, progress: training, publish))


@pytest.fixture
def run(free_run: Run) -> Iterator[Run]:
    """A run that the test holds, as its worker would."""
    lock = free_run.lock()
    yield free_run
    lock.release()


# the record


def test_every_event_is_recorded_in_order(run: Run) -> None:
    finished = record(FakeTraining(3), run)
    events, _ = run.record.events()
    assert [event.kind for event in events] == ["preparing", "started", *["classifier_steps"] * 3, "finished"]
    assert events[-1] == finished == Finished(3, 0.3, False, {"accuracy": 0.9})


def test_the_status_follows_the_events(run: Run) -> None:
    seen = []
    record(FakeTraining(3, lambda pulled: seen.append(run.status())), run)
    assert [status.state for status in seen[1:3]] == ["created", "running"]
    assert str(seen[1].message) == "Here we go."
    last = run.status()
    assert (last.step, last.total_steps, last.seconds) == (3, 3, 0.3)
    assert last.metrics == {"accuracy": 0.9}


def test_a_thousand_events_write_the_status_once_a_second(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = []
    original = Run.write_status
    monkeypatch.setattr(Run, "write_status", lambda run, **c: writes.append(c) or original(run, **c))
    ticks = iter(range(10**6))
    monkeypatch.setattr(recorder.time, "monotonic", lambda: next(ticks) / 500)  # seconds
    record(FakeTraining(1000), run)
    seconds = next(ticks) / 500
    steps = [write["step"] for write in writes if write.get("step")]
    assert seconds / 2 <= len(steps) <= seconds + 4


def test_a_training_that_ends_without_saying_so_is_an_error(run: Run) -> None:
    class Cut(FakeTraining):
        def __iter__(self) -> Iterator[Event]:
            yield Preparing(Message("and gone"))

    with pytest.raises(RunError, match="without a final event"):
        record(Cut(), run)


# steering


def test_a_pause_stops_pulling_and_one_step_is_one_step(run: Run, until: Until) -> None:
    training = FakeTraining(50, lambda pulled: pulled == 4 and run.request(Control.PAUSE))
    thread = threading.Thread(target=record, args=(training, run))
    thread.start()
    until(lambda: run.status().state == "paused")
    time.sleep(0.2)
    assert training.pulled == 5
    assert str(run.status().message) == "Paused at step 3."
    for pulled in (6, 7):
        run.request(Control.STEP)
        until(lambda pulled=pulled: str(run.status().message) == f"Paused at step {pulled - 2}.")
        time.sleep(0.1)
        assert training.pulled == pulled
    run.request(Control.RUN)
    thread.join(10)
    assert len(run.record.events()[0]) == training.pulled == 53
    assert [step for step, _ in training.steered] == [None, 4, 5, None]


def test_one_epoch_goes_to_its_end_with_its_validation(run: Run, until: Until) -> None:
    class Owing(FakeTraining):
        """Its epochs are of 10 steps, and each ends with a validation."""

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
    until(lambda: str(run.status().message) == "Paused at step 3.")
    for epoch in (1, 2):
        run.request(Control.EPOCH)
        until(lambda epoch=epoch: str(run.status().message) == f"Paused at step {10 * epoch}.")
        assert run.record.events()[0][-1] == EpochEnd(epoch, 10 * epoch, 0.5, 0.5, 1.0)
    run.request(Control.RUN)
    thread.join(10)
    assert training.step == 30


def test_a_changed_learning_rate_is_kept_with_its_step(run: Run) -> None:
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


def test_a_resumed_run_makes_the_changes_that_are_to_come_unless_another_is_asked(run: Run) -> None:
    run.write_rate_changes([RateChange(2, 0.5), RateChange(6, 0.25)])
    training = FakeTraining(10, lambda pulled: pulled == 6 and run.request_rate(4))
    record(training, run)
    assert training.steered[0][1] == (RateChange(2, 0.5), RateChange(6, 0.25))
    assert training.steered[1][1] == run.rate_changes() == (RateChange(2, 0.5), RateChange(5, 4.0))


@pytest.mark.parametrize("factor", [0, -1, 1e9, float("nan"), True, "2"])
def test_a_learning_rate_out_of_range_is_refused_in_a_sentence(run: Run, factor: float) -> None:
    with pytest.raises(RunError, match=r"multiplied by a number from 0\.001 to 1,000"):
        run.request_rate(factor)
    assert run.requested().rate_factor is None


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", "[[1, 2, 3]]", "[[1, 0]]", "[[2, 1], [1, 1]]", "[[0.5, 1]]"]
)
def test_damaged_changes_of_the_learning_rate_fail_the_run_in_a_sentence(run: Run, content: str) -> None:
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


def test_a_paused_run_can_be_discarded(store: RunStore, run: Run, until: Until) -> None:
    training = FakeTraining(50, lambda pulled: pulled == 4 and run.request(Control.PAUSE))
    thread = threading.Thread(target=trained, args=(run, training))
    thread.start()
    until(lambda: run.status().state == "paused")
    store.discard(run.id)
    thread.join(10)
    assert store.list() == []


def test_a_run_that_is_over_is_not_steered(run: Run) -> None:
    run.write_status(state="finished")
    for ask in (lambda: run.request(Control.STOP), lambda: run.request_rate(2)):
        with pytest.raises(RunError, match="has ended"):
            ask()


def test_two_tabs_steer_one_run_and_a_stop_of_one_is_not_taken_back_by_the_other(
    run: Run, until: Until
) -> None:
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


def test_a_run_that_ended_by_a_condition_of_its_own_says_which(run: Run) -> None:
    class Satisfied(FakeTraining):
        def __iter__(self) -> Iterator[Event]:
            yield Finished(5, 1.0, reason=Message("It was good enough."))

    status = trained(run, Satisfied())
    assert (status.state, str(status.message)) == (
        "finished",
        "Finished after 5 steps. It was good enough.",
    )


def test_a_pause_before_the_first_event_pulls_none(run: Run, until: Until) -> None:
    training = FakeTraining()
    run.request(Control.PAUSE)
    thread = threading.Thread(target=trained, args=(run, training))
    thread.start()
    until(lambda: run.status().state == "paused")
    assert training.pulled == 0
    run.request(Control.RUN)
    thread.join(10)
    assert run.status().state == "finished"


def test_a_stop_keeps_what_was_learnt(run: Run) -> None:
    training = FakeTraining(50, lambda pulled: pulled == 4 and run.request(Control.STOP))
    status = trained(run, training)
    assert (status.state, status.step) == ("stopped", 3)
    assert status.message == message("runs.stopped", step=3)
    assert run.record.events()[0][-1].stopped
    assert (run.bundle / "card.json").exists()


def test_a_paused_run_can_be_stopped(run: Run, until: Until) -> None:
    training = FakeTraining(50, lambda pulled: pulled == 4 and run.request(Control.PAUSE))
    thread = threading.Thread(target=trained, args=(run, training))
    thread.start()
    until(lambda: run.status().state == "paused")
    run.request(Control.STOP)
    thread.join(10)
    assert run.status().state == "stopped"


def test_a_stop_cannot_be_taken_back(run: Run) -> None:
    class Stubborn(FakeTraining):
        def stop(self) -> None:
            super().stop()
            (run.folder / "control.json").write_text('{"control": "pause", "token": "1"}')

    training = Stubborn(50, lambda pulled: pulled == 4 and run.request(Control.STOP))
    assert trained(run, training).state == "stopped"


def test_a_stop_while_data_are_loaded_ends_the_loading(run: Run) -> None:
    def load(config: object, progress: Progress) -> FakeTraining:
        progress(Message("Loading MNIST."), 0.0)
        assert run.status().message == Message("Loading MNIST.")
        run.request(Control.STOP)
        progress(Message("Loading MNIST."), 0.5)
        raise AssertionError("went on loading")

    status = work(run, lambda: LabFunctions(load, publish))
    assert (status.state, status.message) == ("stopped", message("runs.stopped_early"))
    assert run.record.events()[0] == [Preparing(Message("Loading MNIST."), 0.0)]
    assert not run.bundle.exists()


def test_sigterm_is_a_stop(free_run: Run, fake: Fake, until: Until) -> None:
    run = free_run
    start(run, command=fake(1000, 0.05))
    until(lambda: run.status().step > 1)
    os.kill(run.status().pid, signal.SIGTERM)
    until(lambda: run.status().state == "stopped")
    assert run.bundle.exists()


# how it ends


def test_a_finished_run_has_a_bundle_and_says_so(run: Run) -> None:
    status = trained(run, FakeTraining(3))
    assert (status.state, str(status.message)) == ("finished", "Finished after 3 steps.")
    assert status.started <= status.ended
    assert sorted(os.listdir(run.folder)) == [
        "bundle",
        "config.json",
        "events.jsonl",
        "lock",
        "status.json",
    ]


def test_a_run_stopped_before_its_first_step_publishes_nothing(run: Run) -> None:
    run.request(Control.STOP)
    assert trained(run, FakeTraining()).state == "stopped"
    assert not run.bundle.exists()


class ResourceExhaustedError(Exception):
    """TensorFlow's has this name."""


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (RunError("runs.never_started"), "runs.never_started"),
        (KeyError("x"), "runs.unexpected_error"),
        (MemoryError(), "runs.out_of_memory"),
        (ResourceExhaustedError(), "runs.out_of_memory"),
    ],
)
def test_an_error_becomes_a_failed_run_with_its_message(
    run: Run, capsys: pytest.CaptureFixture[str], error: Exception, key: str
) -> None:
    def fail(pulled: int) -> None:
        if pulled == 4:
            raise error

    status = trained(run, FakeTraining(5, fail))
    assert status.state == "failed"
    assert status.message.key == key
    assert status.ended is not None
    assert len(run.record.events()[0]) == 4
    assert type(error).__name__ in capsys.readouterr().err


def test_a_checkpoint_that_is_damaged_fails_the_resumed_run_and_keeps_its_record(run: Run) -> None:
    class Damaged(FakeTraining):
        def restore(self, folder: Path) -> None:
            raise RunError("runs.started_before")

    for event in (Started(10, 20, 5, 1, 8), steps(1), steps(2)):
        run.record.append(event)
    run.write_status(state="interrupted", started=1.0)
    run.checkpoint.mkdir()
    status = trained(run, Damaged())
    assert (status.state, status.message) == ("failed", message("runs.started_before"))
    assert [event.kind for event in run.record.events()[0]] == [
        "started",
        "classifier_steps",
        "classifier_steps",
    ]


def test_a_lab_that_cannot_be_imported_is_a_failed_run(run: Run) -> None:
    def broken() -> LabFunctions:
        raise ImportError("no such library")

    assert work(run, broken).state == "failed"


def test_half_a_bundle_is_never_found(run: Run) -> None:
    def cut(training: object, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "card.json").write_text("{")
        raise OSError(5, "Input/output error")

    status = work(run, lambda: LabFunctions(lambda config, progress: FakeTraining(), cut))
    assert status.state == "failed"
    assert "Input/output error" in str(status.message)
    assert not run.bundle.exists()


def test_a_model_for_which_there_is_no_room_is_written_when_there_is(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_disk, "RETRY", 0.01)
    tries = []

    def full_at_first(training: FakeTraining, folder: Path) -> None:
        tries.append(folder)
        publish(training, folder)
        if len(tries) < 3:
            raise OSError(28, "No space left on device")

    assert (
        work(run, lambda: LabFunctions(lambda config, progress: FakeTraining(), full_at_first)).state
        == "finished"
    )
    assert len(tries) == 3
    assert (run.bundle / "card.json").exists()


# a full disk


@pytest.fixture
def small_home(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB; where this process may not mount one, a folder whose record is ``/dev/full``."""
    home = tmp_path / "small"
    home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(home)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting needs root; the test with /dev/full covers the rest")
    yield home
    subprocess.run(["umount", str(home)], check=True)


def _fill(folder: Path) -> None:
    with open(folder / "filler", "wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass


def test_a_full_disk_pauses_the_run_and_harms_no_earlier_one(
    small_home: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_disk, "RETRY", 0.05)
    monkeypatch.setattr(full_disk, "RESERVE", 64 * 1024)
    store = RunStore(small_home)
    earlier, run = store.create(ClassifierConfig()), store.create(ClassifierConfig())
    lock = earlier.lock()
    trained(earlier, FakeTraining(3))
    lock.release()
    before = {path: path.read_bytes() for path in earlier.folder.rglob("*") if path.is_file()}

    lock = run.lock()
    training = FakeTraining(400, lambda pulled: pulled == 100 and _fill(small_home))
    thread = threading.Thread(target=trained, args=(run, training))
    thread.start()
    until(lambda: run.status().state == "paused")
    assert "is full; delete runs" in str(run.status().message)
    pulled = training.pulled
    time.sleep(0.3)
    assert training.pulled == pulled < 403
    (small_home / "filler").unlink()
    thread.join(20)
    assert run.status().state == "finished"
    told = [event.step for event in run.record.events()[0] if isinstance(event, ClassifierSteps)]
    assert told == list(range(1, 401))
    assert before == {path: path.read_bytes() for path in before}
    lock.release()


def test_a_write_that_fails_is_tried_again_until_there_is_room(
    run: Run, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_disk, "RETRY", 0.05)
    record = run.folder / "events.jsonl"
    record.symlink_to("/dev/full")
    thread = threading.Thread(target=trained, args=(run, FakeTraining(3)))
    thread.start()
    until(lambda: run.status().state == "paused")
    assert run.status().message.key == "runs.waiting_for_space"
    record.unlink()
    thread.join(20)
    assert run.status().state == "finished"
    assert len(run.record.events()[0]) == 6
    assert not (run.folder / ".reserve").exists()


def test_a_run_that_waits_for_room_can_be_stopped_and_resumed_later(
    run: Run, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_disk, "RETRY", 0.05)
    (run.folder / "events.jsonl").symlink_to("/dev/full")
    thread = threading.Thread(target=trained, args=(run, FakeTraining(3)))
    thread.start()
    until(lambda: run.status().state == "paused")
    run.request(Control.STOP)
    thread.join(20)
    assert run.status().state == "failed"
    assert "is full" in str(run.status().message)


def test_pictures_are_kept_beside_the_record(run: Run) -> None:
    np = pytest.importorskip("numpy")
    pytest.importorskip("core.images.grid")

    class Gan(FakeTraining):
        def __iter__(self) -> Iterator[Event]:
            yield Samples(5, 1, np.zeros((16, 28, 28, 1), np.uint8))
            yield Finished(5, 1.0)

    record(Gan(), run)
    assert (run.folder / run.record.events()[0][0].file).read_bytes().startswith(b"\x89PNG")


def test_a_worker_can_be_started_by_hand_but_trains_a_run_only_once(free_run: Run, fake: Fake) -> None:
    run = free_run
    command = [*fake(), str(run.folder)]
    environment = {**os.environ, "PYTHONPATH": os.fspath(ROOT)}
    assert subprocess.run(command, check=False, env=environment, capture_output=True).returncode == 0
    assert run.status().state == "finished"
    assert subprocess.run(command, check=False, env=environment, capture_output=True).returncode == 1
    assert sum(event.kind == "started" for event in run.record.events()[0]) == 1


def test_a_second_worker_for_the_same_run_goes_away(run: Run, fake: Fake) -> None:
    environment = {**os.environ, "PYTHONPATH": os.fspath(ROOT)}
    command = [*fake(), str(run.folder)]
    second = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert second.returncode == 1
    assert second.stderr == f"{message('runs.already_running')}\n"


# a loss that is lost


class Diverging(FakeTraining):
    """Its first epoch is good; then the loss is no number."""

    saved = 0

    def __iter__(self) -> Iterator[Event]:
        yield Started(10, 20, 5, 2, 8)
        self.step = 2
        yield steps(2)
        if self.total > 2:
            yield EpochEnd(1, 2, 0.5, 0.5, 1.0)
        self.step = 5
        yield ClassifierSteps(5, [0.5, float("nan"), float("inf")], [0.5] * 3, [0.1] * 3, 10.0, 1.0)
        raise AssertionError("went on with a loss that is none")

    def save(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.saved = self.step

    def restore(self, folder: Path) -> None:
        self.step = self.saved


def test_a_loss_that_is_no_number_ends_the_run_with_the_last_good_weights(run: Run) -> None:
    status = trained(run, Diverging(8))
    assert (status.state, run.bundle.is_dir()) == ("failed", True)
    assert status.message == message("runs.diverged_kept", step=4, kept=2)


def test_a_loss_that_is_no_number_before_any_checkpoint_leaves_no_bundle(run: Run) -> None:
    status = trained(run, Diverging(2))
    assert (status.state, run.bundle.exists()) == ("failed", False)
    assert status.message == message("runs.diverged", step=4)
