"""Measure images a second beside Keras's ``fit`` and a bare loop, and the time to the tutorial's accuracy."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from core.contract.config import ClassifierConfig, TrainingConfig
from core.contract.events import ClassifierSteps, Event, Finished
from core.contract.presets import PRESETS
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.figures import training as figures
from core.runs.process import launch
from core.runs.process.recorder import record
from core.runs.report.history import History
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore

IMAGES = 25_600  # of a round: 400 steps at batch 64
BATCH = 64
Builder = Callable[[tuple[int, int, int], int], Any]  # of a Keras model, from input shape and classes
TUTORIAL = ClassifierConfig(dataset="mnist", epochs=5, batch_size=BATCH)


def cnn(rounds: int) -> dict[str, float]:
    """Measure the tutorial's CNN."""
    return _side_by_side(ClassifierConfig(dataset="mnist", architecture="tutorial"), rounds)


def lstm(rounds: int) -> dict[str, float]:
    """Measure one LSTM layer of 128 units."""
    config = ClassifierConfig(dataset="mnist", family="rnn", architecture="lstm")
    return _side_by_side(config, rounds, single_lstm)


def two_lstms(rounds: int) -> dict[str, float]:
    """Measure the shipped RNN's architecture, two LSTM layers of 128 units."""
    return _side_by_side(ClassifierConfig(dataset="mnist", family="rnn", architecture="lstm"), rounds)


def fast(rounds: int) -> dict[str, float]:
    """Time the preset "Fast" and the tutorial's own program, from loaded data to the test accuracy.

    The program's time is also given without the seconds that ``fit`` waits when its last epoch is over.
    """
    config = next(preset.config for preset in PRESETS if preset.name == "fast-cnn")
    ours, theirs = [], []
    with ProcessPoolExecutor(1, get_context("spawn")) as child:
        child.submit(os.getpid).result()  # it is there, with TensorFlow's defaults
        as_worker()
        data = registry.load("mnist")
        for _ in range(rounds):
            theirs.append(child.submit(tutorial_program).result())
            ours.append(_trained(config, data))
    seconds, accuracy = (statistics.median(of) for of in zip(*ours, strict=True))
    program, waited, its_accuracy = (statistics.median(of) for of in zip(*theirs, strict=True))
    return {
        "fast_s": seconds,
        "fast_test_accuracy": accuracy,
        "tutorial_program_s": program,
        "tutorial_program_without_wait_s": program - waited,
        "tutorial_program_test_accuracy": its_accuracy,
        "fast_over_tutorial_program": seconds / program,
        "fast_over_tutorial_program_without_wait": seconds / (program - waited),
    }


def as_worker() -> None:
    """Give this process a worker's environment, before it imports TensorFlow."""
    os.environ.update(launch.environment())


def _side_by_side(config: ClassifierConfig, rounds: int, build: Builder | None = None) -> dict[str, float]:
    """Take turns: ours, recorded and charted, then ``fit``, then the bare loop.

    Ours is in a process with a worker's environment, the other two in one with TensorFlow's defaults.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as child:
        others = {name: partial(_answer, child, name, config, build) for name in ("fit", "bare_loop")}
        for call in others.values():
            call()  # compiled
        as_worker()
        data = _part(registry.load("mnist"))
        clocked = _Clocked(_training(config, data, rounds + 1, build), others)
        with tempfile.TemporaryDirectory() as home:
            run = RunStore(Path(home)).create(config)
            lock = run.lock()
            with _watched(run):
                record(clocked, run)
            lock.release()
    speeds = {name: statistics.median(speeds[1:]) for name, speeds in clocked.speeds.items()}
    return {
        **{f"{name}_images_per_s": speed for name, speed in speeds.items()},
        "ours_over_fit": speeds["ours"] / speeds["fit"],
        "ours_over_bare_loop": speeds["ours"] / speeds["bare_loop"],
    }


class _Clocked:
    """A training whose epochs are timed as the recorder pulls them, the others' rounds between them."""

    def __init__(self, training: Any, others: dict[str, Callable[[], float]]) -> None:
        self._training = training
        self._others = others
        self.speeds: dict[str, list[float]] = {name: [] for name in ("ours", *others)}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._training, name)

    def __iter__(self) -> Iterator[Event]:
        begin, images = 0.0, 0
        for event in self._training:
            if isinstance(event, ClassifierSteps):
                images += len(event.loss) * BATCH
                if self._training.event_pending:  # the epoch's last chunk, before validation
                    self.speeds["ours"].append(images / (time.perf_counter() - begin))
                    for name, call in self._others.items():
                        self.speeds[name].append(call())
            yield event
            if not isinstance(event, ClassifierSteps | Finished):
                begin, images = time.perf_counter(), 0


def _part(data: Dataset) -> Dataset:
    """Return the training images of one round, and few images for what is not timed."""
    held_out = 500
    return Dataset(
        data.info,
        data.x_train[: IMAGES + held_out],
        data.y_train[: IMAGES + held_out],
        data.x_test[:500],
        data.y_test[:500],
    )


def _training(config: ClassifierConfig, data: Dataset, epochs: int, build: Builder | None) -> Any:
    from core.lab.models import factory  # noqa: PLC0415 (imports TensorFlow)
    from core.lab.training import start  # noqa: PLC0415

    split = (len(data.x_train) - IMAGES) / len(data.x_train)
    config = dataclasses.replace(config, epochs=epochs, batch_size=BATCH, validation_split=split)
    with (
        patch.object(factory, "classifier", _builder(build)),
        patch.object(registry, "load", lambda *_, **__: data),
    ):
        return start.start(config)


def _builder(build: Builder | None) -> Callable[..., Any]:
    from core.lab.models import factory  # noqa: PLC0415

    return (lambda _, *given: build(*given)) if build else factory.classifier


def single_lstm(input_shape: tuple[int, int, int], classes: int) -> Any:
    """Build one LSTM layer of 128 units over the rows, and an output layer for the last."""
    import keras  # noqa: PLC0415
    from keras import layers  # noqa: PLC0415

    image = keras.Input(input_shape, name="image")
    x = layers.Reshape(input_shape[:2], name="rows")(image)
    x = layers.LSTM(128, return_sequences=True, unroll=True, name="lstm1")(x)
    x = layers.Cropping1D((input_shape[0] - 1, 0), name="last_row")(x)
    x = layers.Flatten(name="last_state")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="single_lstm")


def _answer(child: ProcessPoolExecutor, name: str, config: ClassifierConfig, build: Builder | None) -> float:
    return child.submit(other, name, config, build).result()


# in the other process


def other(name: str, config: ClassifierConfig, build: Builder | None) -> float:
    """Return the images a second of one contender."""
    return _other(name, config, build)()


@cache
def _other(name: str, config: ClassifierConfig, build: Builder | None) -> Callable[[], float]:
    data = _part(registry.load("mnist"))
    model = _builder(build)(config.architecture, data.info.shape, len(data.info.classes))
    return {"fit": _fit, "bare_loop": _bare_loop}[name](model, config, data)


def _fit(model: Any, config: ClassifierConfig, data: Dataset) -> Callable[[], float]:
    """Measure the images a second of one epoch of Keras's ``fit``."""
    _compiled(model)
    images, labels = data.x_train[:IMAGES].astype(np.float32) / 255, data.y_train[:IMAGES].astype(np.int64)
    clock = epoch_clock(times := {})

    def call() -> float:
        model.fit(images, labels, BATCH, verbose=0, callbacks=[clock])
        return IMAGES / (times["end"] - times["begin"])

    return call


def _bare_loop(model: Any, config: ClassifierConfig, data: Dataset) -> Callable[[], float]:
    """Measure the images a second of nothing but gather, forward, backward and update, in 16 calls."""
    import keras  # noqa: PLC0415
    import tensorflow as tf  # noqa: PLC0415

    optimizer = keras.optimizers.Adam(config.learning_rate)
    optimizer.build(model.trainable_variables)
    images = tf.constant(data.x_train[:IMAGES])
    labels = tf.constant(data.y_train[:IMAGES].astype(np.int32))
    order = tf.constant(np.random.default_rng(0).permutation(IMAGES).astype(np.int32))

    @tf.function
    def steps(first: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
        losses = tf.TensorArray(tf.float32, count)
        for i in tf.range(count):
            begin = (first + i) * BATCH
            chosen = order[begin : begin + BATCH]
            batch = tf.ensure_shape(tf.gather(images, chosen), [BATCH, *data.info.shape])
            with tf.GradientTape() as tape:
                logits = model(tf.cast(batch, tf.float32) / 255, training=True)
                loss = tf.reduce_mean(
                    tf.nn.sparse_softmax_cross_entropy_with_logits(tf.gather(labels, chosen), logits)
                )
            variables = model.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)
            losses = losses.write(i, loss)
        return losses.stack()

    chunk = IMAGES // BATCH // 16

    def call() -> float:
        begin = time.perf_counter()
        for first in range(0, IMAGES // BATCH, chunk):
            steps(tf.constant(first), tf.constant(chunk)).numpy()
        return IMAGES / (time.perf_counter() - begin)

    return call


@contextmanager
def _watched(run: Run) -> Iterator[None]:
    """Let another process read the run twice a second and draw its charts, as a page does."""
    watcher = multiprocessing.get_context("spawn").Process(target=_watch, args=(run.folder,), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        watcher.kill()
        watcher.join()


def _watch(folder: Path) -> None:
    history = History(Run(folder))
    while True:
        history.refresh()
        epochs = [(e.step, e.validation_loss) for e in history.epochs]
        figures.loss_chart(history.by_step.get("loss", []), epochs, "cnn").to_json()
        figures.accuracy_chart(history.by_step.get("accuracy", []), [], "cnn").to_json()
        time.sleep(0.5)


def _trained(config: TrainingConfig, data: Dataset) -> tuple[float, float]:
    """Return the seconds and the test accuracy of a recorded training, building included."""
    from core.lab.training import start  # noqa: PLC0415 (imports TensorFlow)

    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as home, patch.object(registry, "load", lambda *_, **__: data):
        run = RunStore(Path(home)).create(config)
        lock = run.lock()
        finished = record(start.start(config), run)
        lock.release()
    return time.perf_counter() - begin, finished.metrics["test_accuracy"]


def tutorial_program() -> tuple[float, float, float]:
    """Do what the tutorial does: five epochs of ``fit`` at batch 64 with Adam's defaults, then ``evaluate``.

    Its seconds from loaded data on, those of them that ``fit`` waited in the end, and the test accuracy.
    """
    import keras  # noqa: PLC0415

    from core.lab.models import factory  # noqa: PLC0415

    data = registry.load("mnist")
    begin = time.perf_counter()
    keras.utils.set_random_seed(0)
    model = _compiled(factory.classifier(TUTORIAL.architecture, data.info.shape, len(data.info.classes)))
    images, tests = (x.astype(np.float32) / 255 for x in (data.x_train, data.x_test))
    clock = epoch_clock(times := {})
    model.fit(images, data.y_train, BATCH, TUTORIAL.epochs, verbose=0, callbacks=[clock])
    waited = time.perf_counter() - times["end"]
    accuracy = float(model.evaluate(tests, data.y_test, verbose=0)[1])
    return time.perf_counter() - begin, waited, accuracy


def epoch_clock(times: dict[str, float]) -> Any:
    """Return a callback that notes when the last epoch began and ended.

    After that ``fit`` waits up to seconds for tf.data's tuning thread, which wakes at doubling intervals.
    """
    import keras  # noqa: PLC0415

    return keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda *_: times.update(begin=time.perf_counter()),
        on_epoch_end=lambda *_: times.update(end=time.perf_counter()),
    )


def _compiled(model: Any) -> Any:
    import keras  # noqa: PLC0415

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.001), loss=loss, metrics=["accuracy"])
    return model
