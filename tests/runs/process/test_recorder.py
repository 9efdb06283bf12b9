from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from core.contract.events import Event, Finished, Preparing, Samples
from core.errors import RunError
from core.messages import Message
from core.runs import Run
from core.runs.process import recorder
from core.runs.process.recorder import record
from tests.runs.fake_training import FakeTraining

Until = Callable[[Callable[[], object]], None]
Fake = Callable[..., list[str]]


@pytest.fixture
def run(free_run: Run) -> Iterator[Run]:
    """Hold the lock of a run, as its worker would."""
    lock = free_run.lock()
    yield free_run
    lock.release()


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


def test_the_status_is_written_once_a_second_for_a_thousand_events(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = []
    original = Run.write_status
    monkeypatch.setattr(Run, "write_status", lambda run, **c: writes.append(c) or original(run, **c))
    ticks = iter(range(10**6))
    monkeypatch.setattr(recorder.time, "monotonic", lambda: next(ticks) / 500)  # seconds
    record(FakeTraining(1000), run)
    seconds = next(ticks) / 500
    steps = [write["step"] for write in writes if write.get("step")]
    assert seconds / 2 <= len(steps) <= seconds + 4


def test_a_training_that_ends_without_a_finished_event_is_an_error(run: Run) -> None:
    class Cut(FakeTraining):
        def __iter__(self) -> Iterator[Event]:
            yield Preparing(Message("and gone"))

    with pytest.raises(RunError) as refused:
        record(Cut(), run)
    assert refused.value.message.key == "runs.ended_without_result"


def test_images_are_kept_beside_the_record(run: Run) -> None:
    np = pytest.importorskip("numpy")
    pytest.importorskip("core.images.grid")

    class Gan(FakeTraining):
        def __iter__(self) -> Iterator[Event]:
            yield Samples(5, 1, np.zeros((16, 28, 28, 1), np.uint8))
            yield Finished(5, 1.0)

    record(Gan(), run)
    assert (run.folder / run.record.events()[0][0].file).read_bytes().startswith(b"\x89PNG")
