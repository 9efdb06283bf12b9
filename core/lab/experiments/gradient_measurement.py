"""Measure how far back in time SimpleRNN, GRU and LSTM learn, on sequences of several lengths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
from keras import layers

from core.bundles.saved_weights import SavedLayer
from core.datasets.dataset import Dataset
from core.inside.recurrent_cells import GATES
from core.inside.row_reader import RowReader, gradients, read, reader
from core.inside.vanishing_gradients import GradientConfig, GradientCurve
from core.messages import Message, Progress, message

EVALUATION_BATCH = 500


def measure(
    config: GradientConfig, data: Dataset, progress: Progress
) -> Iterator[tuple[GradientCurve, RowReader]]:
    """Train and measure every kind of cell, with the same settings, on every length of sequence.

    Yield each measurement with the trained network.
    """
    lengths = list(zip(config.steps, config.epochs, strict=True))
    pairs = [(kind, steps, epochs) for steps, epochs in lengths for kind in GATES]
    work = np.cumsum([0, *(steps * epochs for _, steps, epochs in pairs)], dtype=float)
    work /= work[-1]
    for i, (kind, steps, epochs) in enumerate(pairs):
        text = message("lab.measuring", kind=kind, steps=steps)

        def report(share: float, i: int = i, text: Message = text) -> None:
            progress(text, work[i] + share * (work[i + 1] - work[i]))

        yield _train_and_measure(kind, steps, epochs, config, data, report)


def network(kind: str, steps: int, width: int, units: int, classes: int) -> keras.Model:
    """Return one recurrent layer over ``steps`` of ``width`` numbers, and logits from its last state."""
    sequence = keras.Input((steps, width), name="sequence")
    state = getattr(layers, kind)(units, name="cell")(sequence)
    return keras.Model(sequence, layers.Dense(classes, name="logits")(state), name=kind.lower())


def gradient_norms(network: RowReader, sequences: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the median norm, over sequences (N×T×D), of the gradient with respect to each state: T.

    Double precision is needed: gradients that vanish over hundreds of steps underflow in single precision.
    """
    by_layer = gradients(network, read(network, sequences.astype(np.float64)), labels)
    return np.median(by_layer[-1].norms(), axis=0)


def _train_and_measure(
    kind: str,
    steps: int,
    epochs: int,
    config: GradientConfig,
    data: Dataset,
    report: Callable[[float], None],
) -> tuple[GradientCurve, RowReader]:
    keras.utils.set_random_seed(config.seed)
    train, test = (as_sequences(images, steps) for images in (data.x_train, data.x_test))
    model = network(kind, steps, train.shape[2], config.units, len(data.info.classes))
    model.compile(
        keras.optimizers.Adam(config.learning_rate, clipnorm=config.clip),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    measured = test[: config.images], data.y_test[: config.images].astype(np.int64)
    before = gradient_norms(double_precision_reader(model), *measured)
    model.fit(
        train,
        data.y_train,
        batch_size=config.batch_size,
        epochs=epochs,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda e, _: report((e + 1) / epochs))],
    )
    _, accuracy = model.evaluate(test, data.y_test, batch_size=EVALUATION_BATCH, verbose=0)
    trained = double_precision_reader(model)
    after = gradient_norms(trained, *measured)
    curve = GradientCurve(
        cell=kind,
        steps=steps,
        parameters=model.count_params(),
        accuracy=accuracy,
        before=tuple(before.tolist()),
        after=tuple(after.tolist()),
    )
    return curve, trained


def as_sequences(images: np.ndarray, steps: int) -> np.ndarray:
    """Return images (uint8) as sequences of ``steps`` steps, N×steps×D, from 0 to 1."""
    return images.reshape(len(images), steps, -1).astype(np.float32) / 255


def double_precision_reader(model: keras.Model) -> RowReader:
    """Return the network for ``core.inside``, in double precision."""
    return reader([_layer(layer) for layer in model.layers])


def _layer(layer: Any) -> SavedLayer:
    weights = tuple(weight.astype(np.float64) for weight in layer.get_weights())
    return SavedLayer(layer.name, type(layer).__name__, layer.get_config(), weights)
