from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest

from core.contract.config import ClassifierConfig
from core.errors import RunError
from core.lab.training import training as module
from core.lab.training.classifier_training import ClassifierTraining
from core.lab.training.training import CHUNK_SECONDS, ChunkTimer, MovingAverage, epoch_order

pytestmark = pytest.mark.usefixtures("small_deep")

DEEP = ClassifierConfig(architecture="deep")


class Clock:
    """A clock that moves only when a test advances it."""

    now = 0.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def chunks(pace: ChunkTimer, clock: Clock, step_seconds: float, count: int, most: int = 10**6) -> list[int]:
    sizes = []
    for _ in range(count):
        sizes.append(steps := pace.begin(most))
        clock.now += steps * step_seconds
        pace.end(steps)
    return sizes


def test_a_chunk_grows_to_a_quarter_of_a_second(clock):
    assert chunks(ChunkTimer(), clock, 0.001, 6) == [1, 4, 16, 64, 250, 250]
    assert CHUNK_SECONDS == 0.25


def test_a_chunk_of_slow_steps_is_one_step(clock):
    assert chunks(ChunkTimer(), clock, 3.0, 3) == [1, 1, 1]


def test_a_chunk_shrinks_at_once_when_the_machine_slows_down(clock):
    pace = ChunkTimer()
    assert chunks(pace, clock, 0.001, 5)[-1] == 250
    assert chunks(pace, clock, 0.1, 2) == [250, 2]


def test_a_chunk_is_never_longer_than_allowed(clock):
    assert chunks(ChunkTimer(), clock, 0.001, 5, most=10) == [1, 4, 10, 10, 10]


def test_a_chunk_that_took_no_time_causes_no_division_by_zero(clock):
    assert chunks(ChunkTimer(), clock, 0.0, 3) == [1, 4, 16]


def test_the_seconds_of_a_chunk_are_returned_at_its_end(clock):
    pace = ChunkTimer()
    pace.begin(5)
    clock.now += 1.5
    assert pace.end(1) == 1.5


def test_the_moving_average_follows_its_formula():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    average = MovingAverage(model, 0.9)
    expected = model.get_weights()
    random = np.random.default_rng(0)
    for step in range(200):
        weights = [random.normal(size=w.shape).astype(np.float32) for w in model.get_weights()]
        model.set_weights(weights)
        average.update(step)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = [decay * e + (1 - decay) * w for e, w in zip(expected, weights, strict=True)]
    for found, wanted in zip(average.model.get_weights(), expected, strict=True):
        assert np.allclose(found, wanted, atol=1e-5)


def test_the_moving_average_does_not_change_the_model():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    before = model.get_weights()
    MovingAverage(model, 0.9).update(5)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_the_moving_average_of_a_model_has_the_names_of_its_layers():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="logits")])
    assert [layer.name for layer in MovingAverage(model, 0.9).model.layers] == ["logits"]


def test_an_epoch_visits_every_image_once_in_an_order_of_its_own():
    orders = [epoch_order(50, seed, epoch).tolist() for seed in (1, 2) for epoch in (0, 1)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert all(a != b for a, b in itertools.combinations(orders, 2))
    assert epoch_order(50, 1, 0).tolist() == orders[0]


@pytest.fixture(scope="module")
def checkpoint(stripes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoint")
    ClassifierTraining(DEEP, stripes).save(folder)
    return folder


@pytest.mark.parametrize("damage", ["none there", "cut", "empty", "no archive", "another archive"])
def test_a_damaged_checkpoint_is_refused_in_one_sentence(stripes, checkpoint, tmp_path, damage):
    file = tmp_path / "state.npz"
    whole = (checkpoint / "state.npz").read_bytes()
    damaged = {"cut": whole[: len(whole) // 2], "empty": b"", "no archive": b"[1, 2]"}
    if damage in damaged:
        file.write_bytes(damaged[damage])
    elif damage == "another archive":
        np.savez(file, a=np.zeros(3))
    training = ClassifierTraining(DEEP, stripes)
    with pytest.raises(RunError, match=str(tmp_path)) as caught:
        training.restore(tmp_path)
    assert caught.value.message.key == "lab.checkpoint_damaged"


def test_a_checkpoint_of_another_network_is_refused_and_changes_nothing(stripes, checkpoint):
    training = ClassifierTraining(ClassifierConfig(family="rnn", architecture="simple_rnn"), stripes)
    before = training.model.get_weights()
    with pytest.raises(RunError, match=str(checkpoint)) as caught:
        training.restore(checkpoint)
    assert caught.value.message.key == "lab.checkpoint_of_another_network"
    assert all(np.array_equal(a, b) for a, b in zip(before, training.model.get_weights(), strict=True))


def test_a_checkpoint_holds_the_step_and_the_seconds(stripes, tmp_path):
    training = ClassifierTraining(DEEP, stripes)
    training.step, training.seconds = 7, 1.5
    training.save(tmp_path / "new" / "checkpoint")
    resumed = ClassifierTraining(DEEP, stripes)
    resumed.restore(tmp_path / "new" / "checkpoint")
    assert (resumed.step, resumed.seconds) == (7, 1.5)


def test_an_interrupted_save_keeps_the_checkpoint_of_before(stripes, tmp_path, monkeypatch):
    def full(file, **_):
        file.write_bytes(b"PK")
        raise OSError("No space left on device")

    training = ClassifierTraining(DEEP, stripes)
    training.step = 3
    training.save(tmp_path)
    training.step = 4
    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        training.save(tmp_path)
    training.restore(tmp_path)
    assert training.step == 3


def test_the_earlier_checkpoint_is_used_when_the_hash_of_the_latest_is_wrong(stripes, tmp_path):
    training = ClassifierTraining(DEEP, stripes)
    for step in (3, 4):
        training.step = step
        training.save(tmp_path)
    with np.load(tmp_path / "state.npz") as arrays:
        edited = dict(arrays)
    edited["step"] = np.asarray(99)
    np.savez(tmp_path / "state.npz", **edited)
    training.restore(tmp_path)
    assert training.step == 3
    (tmp_path / "previous.npz").write_bytes(b"PK")
    with pytest.raises(RunError) as caught:
        training.restore(tmp_path)
    assert caught.value.message.key == "lab.checkpoint_damaged"
