"""Several modules: runs whose worker was killed continue as if nothing had happened."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.contract.config import ClassifierConfig, GanConfig
from core.contract.events import ClassifierSteps, EpochEnd, Event, GanSteps, Preparing, Started
from core.errors import RunError
from core.lab.models import factory
from core.lab.training import gan_training
from core.lab.training import training as lab_training
from core.messages import Message
from core.runs import Control, Run, RunStore
from core.runs.process import launch, worker
from core.runs.process.steering import PlaceLimits, Steering
from core.runs.report.history import History
from tests.lab.small_networks import small_cnn, small_gan
from tests.refusals import raises

ROOT = Path(__file__).parents[2]
DIES_AT = 9  # in the second epoch
# tests/lab/training/test_resume.py resumes real networks, within one process.
CONFIGS: dict[str, Any] = {
    "cnn": ClassifierConfig(
        architecture="deep",
        train_size=120,
        epochs=2,
        batch_size=16,
        augmentation="affine",
        weight_average=0.9,
    ),
    "gan": GanConfig(architecture="dcgan", latent_size=8, train_size=120, epochs=2, batch_size=16),
}


@pytest.fixture(scope="module", autouse=True)
def _as_in_the_worker_that_is_killed() -> Iterator[None]:
    """Train small networks, and draw no grid because of the time that has passed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gan_training, "SOON", math.inf)
        patch.setattr(gan_training, "LATER", math.inf)
        patch.setitem(factory.CLASSIFIERS, "deep", small_cnn)
        patch.setitem(factory.GANS, "dcgan", small_gan)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Return a function that trains a configuration once without an interruption."""
    store = RunStore(tmp_path_factory.mktemp("whole"))

    @cache
    def run(name: str) -> Run:
        made = store.create(CONFIGS[name])
        assert worker.work(made, uninterrupted).state == "finished"
        return made

    return run


def work_until(run: Run, dies_at: int) -> int:
    """Run a worker until it dies or finishes, and return its exit code."""
    command = [sys.executable, str(Path(__file__).with_name("mortal_worker.py")), str(dies_at)]
    lock = run.lock_resumable() if run.status().state == "interrupted" else run.lock_new()
    try:
        return subprocess.run(
            [*command, str(run.folder), str(lock.descriptor)],
            check=False,
            env={**os.environ, "PYTHONPATH": os.fspath(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
            capture_output=True,
            pass_fds=[lock.descriptor],
        ).returncode
    finally:
        lock.release()


def uninterrupted() -> worker.LabFunctions:
    """Return the lab with a function that publishes a training's whole state, as a mortal worker does."""

    def publish(training: Any, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        np.savez(folder / "state.npz", *[np.asarray(variable) for variable in training.state()])

    def start(*asked: Any) -> Any:
        training = real.start(*asked)
        training.result = lambda: training  # to be published with its whole state
        return training

    real = worker.import_lab()
    return worker.LabFunctions(start, publish)


def events_of_training(run: Run) -> list[Any]:
    return [event for event in run.record.events()[0] if not isinstance(event, Preparing)]


def figures(run: Run) -> dict[str, list[float]]:
    return History(run).refresh().by_step


def assert_same_end(one: Run, other: Run) -> None:
    """Assert that two runs have the same weights, states of optimisers and figures."""
    with np.load(one.bundle / "state.npz") as ours, np.load(other.bundle / "state.npz") as theirs:
        assert [n for n in ours.files if not np.array_equal(ours[n], theirs[n])] == []
    assert figures(one) == figures(other)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", CONFIGS)
def test_a_killed_run_ends_with_the_weights_and_record_of_an_uninterrupted_one(
    store: RunStore, whole: Callable[[str], Run], name: str
) -> None:
    killed = store.create(CONFIGS[name])
    assert work_until(killed, DIES_AT) == -9
    assert killed.status().state == "interrupted"
    lock = killed.lock_resumable()
    assert worker.work(killed, uninterrupted).state == "finished"
    lock.release()
    assert_same_end(killed, whole(name))
    assert [
        (e.kind, e.step)
        for e in events_of_training(killed)
        if not isinstance(e, Started | ClassifierSteps | GanSteps)
    ] == [
        (e.kind, e.step)
        for e in events_of_training(whole(name))
        if not isinstance(e, Started | ClassifierSteps | GanSteps)
    ]
    assert sum(isinstance(event, Started) for event in events_of_training(killed)) == 1
    assert not killed.checkpoint.exists()


def test_a_run_that_gave_its_place_back_ends_as_one_that_was_never_paused(
    store: RunStore, whole: Callable[[str], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let it do so twice, so that the second checkpoint is of a restored training."""
    monkeypatch.setattr(lab_training, "CHUNK_SECONDS", 1e-6)
    paused = store.create(CONFIGS["cnn"])
    pause = 0

    class Pausing:
        """A training during which a visitor presses Pause."""

        def __init__(self, training: Any) -> None:
            self.training = training

        def __getattr__(self, name: str) -> Any:
            return getattr(self.training, name)

        def __iter__(self) -> Iterator[Event]:
            for event in self.training:
                if self.training.step == pause:
                    paused.request(Control.PAUSE)
                yield event

    def lab() -> worker.LabFunctions:
        real = uninterrupted()
        return worker.LabFunctions(lambda *asked: Pausing(real.start(*asked)), real.publish)

    lock = paused.lock()
    for pause in (4, 9):
        status = worker.work(paused, lab, Steering(paused, PlaceLimits(pause=0.01)))
        assert (status.state, status.step) == ("parked", pause)
        paused.clear_requests()
    assert worker.work(paused, uninterrupted).state == "finished"
    lock.release()
    assert_same_end(paused, whole("cnn"))


def chunk(step: int) -> ClassifierSteps:
    return ClassifierSteps(step, [0.5] * 2, [0.5] * 2, [0.1] * 2, 10.0, 1.0)


STARTED = Started(10, 20, 5, 4, 8)


def test_the_record_is_cut_back_to_the_checkpoint_and_a_reader_starts_again(run: Run) -> None:
    for event in (
        Preparing(Message("a")),
        STARTED,
        chunk(2),
        chunk(4),
        EpochEnd(1, 4, 0.5, 0.5, 1.0),
        chunk(6),
    ):
        run.record.append(event)
    with open(run.folder / "events.jsonl", "ab") as record:
        record.write(b'{"kind": "classifier_st')
    history = History(run).refresh()
    assert history.step == 6
    run.record.cut_back(4)
    run.record.append(chunk(6))
    run.record.append(chunk(8))
    history.refresh()
    assert list(history.by_chunk["step"]) == [2, 4, 6, 8]
    assert len(history.epochs) == 1
    assert len(history.by_step["loss"]) == 8


@pytest.mark.parametrize(
    ("state", "key"),
    [
        ("finished", "runs.nothing_to_resume"),
        ("stopped", "runs.nothing_to_resume"),
        ("created", "runs.never_started"),
    ],
)
def test_a_run_that_was_not_interrupted_is_not_resumed(run: Run, state: str, key: str) -> None:
    run.write_status(state=state)
    with raises(RunError, key):
        launch.resume(run)
    assert run.status().state == state


def test_a_run_under_way_is_not_resumed(run: Run) -> None:
    lock = run.lock()
    run.write_status(state="running")
    with pytest.raises(RunError) as caught:
        launch.resume(run)
    assert caught.value.message.key == "runs.already_running"
    lock.release()
