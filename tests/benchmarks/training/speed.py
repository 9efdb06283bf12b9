"""Images a second beside Keras's ``fit`` and a bare loop, and the time to the tutorial's accuracy."""

from __future__ import annotations

import dataclasses
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets import loaders
from core.datasets.loaders import Dataset
from core.figures import training as figures
from core.runs.history import History
from core.runs.recorder import record
from core.runs.run import Run
from core.runs.store import RunStore
from core.training.config import ClassifierConfig, TrainingConfig
from core.training.events import ClassifierSteps, Event, Finished
from core.training.presets import PRESETS

IMAGES = 25_600  # of a round: 400 steps at batch 64
BATCH = 64
TUTORIAL = ClassifierConfig(dataset="mnist", epochs=5, batch_size=64)


def cnn(rounds: int) -> dict[str, float]:
    """The tutorial's CNN."""
    return _side_by_side(ClassifierConfig(dataset="mnist", architecture="tutorial"), rounds)


def lstm(rounds: int) -> dict[str, float]:
    """The LSTM of 128 and 64 units."""
    return _side_by_side(ClassifierConfig(dataset="mnist", family="rnn", architecture="lstm"), rounds)


def fast(rounds: int) -> dict[str, float]:
    """The preset "Fast" and the tutorial's own program, from loaded data to the test accuracy."""
    config = next(preset.config for preset in PRESETS if preset.name == "fast-cnn")
    data = loaders.load("mnist")
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_timed(lambda: _trained(config, data)))
        theirs.append(_timed(lambda: _tutorial_program(data)))
    seconds = statistics.median(t for t, _ in ours), statistics.median(t for t, _ in theirs)
    return {
        "fast_s": seconds[0],
        "fast_test_accuracy": statistics.median(a for _, a in ours),
        "tutorial_program_s": seconds[1],
        "tutorial_program_test_accuracy": statistics.median(a for _, a in theirs),
        "fast_over_tutorial_program": seconds[0] / seconds[1],
    }


def _side_by_side(config: ClassifierConfig, rounds: int) -> dict[str, float]:
    """Ours, recorded and charted, then ``fit``, then the bare loop, again and again."""
    data = _part(loaders.load("mnist"))
    others = {"fit": _fit(config, data), "bare_loop": _bare_loop(config, data)}
    for call in others.values():
        call()  # compiled
    clocked = _Clocked(_training(config, data, epochs=rounds + 1), others)
    with tempfile.TemporaryDirectory() as home:
        run = RunStore(Path(home)).create(config)
        lock = run.hold()
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
                if self._training.owes:  # the epoch's last chunk; its validation is not the others' either
                    self.speeds["ours"].append(images / (time.perf_counter() - begin))
                    for name, call in self._others.items():
                        self.speeds[name].append(call())
            yield event
            if not isinstance(event, ClassifierSteps | Finished):
                begin, images = time.perf_counter(), 0


def _part(data: Dataset) -> Dataset:
    """As many training images as make a round, and few for what is not timed."""
    held_out = 500
    return Dataset(
        data.info,
        data.x_train[: IMAGES + held_out],
        data.y_train[: IMAGES + held_out],
        data.x_test[:500],
        data.y_test[:500],
    )


def _training(config: ClassifierConfig, data: Dataset, epochs: int) -> Any:
    from core.training.classifier import ClassifierTraining  # noqa: PLC0415 (imports TensorFlow)

    split = (len(data.x_train) - IMAGES) / len(data.x_train)
    return ClassifierTraining(
        dataclasses.replace(config, epochs=epochs, batch_size=BATCH, validation_split=split), data
    )


def _fit(config: ClassifierConfig, data: Dataset) -> Callable[[], float]:
    """The images a second of one epoch of Keras's ``fit``."""
    model = _compiled(config, data)
    images, labels = data.x_train[:IMAGES].astype(np.float32) / 255, data.y_train[:IMAGES].astype(np.int64)

    def call() -> float:
        begin = time.perf_counter()
        model.fit(images, labels, batch_size=BATCH, epochs=1, verbose=0)
        return IMAGES / (time.perf_counter() - begin)

    return call


def _bare_loop(config: ClassifierConfig, data: Dataset) -> Callable[[], float]:
    """The images a second of nothing but gather, forward, backward and update, in 16 calls."""
    import keras  # noqa: PLC0415
    import tensorflow as tf  # noqa: PLC0415

    from core.models import factory  # noqa: PLC0415

    model = factory.classifier(config.architecture, data.info.shape, 10)
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
    """Another process looks at the run twice a second and draws its charts, as a page does."""
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


def _timed(call: Callable[[], float]) -> tuple[float, float]:
    begin = time.perf_counter()
    value = call()
    return time.perf_counter() - begin, value


def _trained(config: TrainingConfig, data: Dataset) -> float:
    """The test accuracy of a recorded training, from building the network on."""
    from core.training.classifier import ClassifierTraining  # noqa: PLC0415 (imports TensorFlow)

    assert isinstance(config, ClassifierConfig)
    with tempfile.TemporaryDirectory() as home:
        run = RunStore(Path(home)).create(config)
        lock = run.hold()
        finished = record(ClassifierTraining(config, data), run)
        lock.release()
    return finished.metrics["test_accuracy"]


def _tutorial_program(data: Dataset) -> float:
    """What the tutorial does: five epochs of ``fit`` at batch 64 with Adam's defaults, then ``evaluate``."""
    import keras  # noqa: PLC0415

    keras.utils.set_random_seed(0)
    model = _compiled(TUTORIAL, data)
    images, tests = (x.astype(np.float32) / 255 for x in (data.x_train, data.x_test))
    model.fit(images, data.y_train, batch_size=TUTORIAL.batch_size, epochs=TUTORIAL.epochs, verbose=0)
    return float(model.evaluate(tests, data.y_test, verbose=0)[1])


def _compiled(config: ClassifierConfig, data: Dataset) -> Any:
    import keras  # noqa: PLC0415

    from core.models import factory  # noqa: PLC0415

    model = factory.classifier(config.architecture, data.info.shape, 10)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.001), loss=loss, metrics=["accuracy"])
    return model
