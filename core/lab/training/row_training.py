"""Train a network to draw images row by row: it predicts every row from those above it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from core.bundles.bundle import FORMAT, Card, sha256, write_card
from core.contract.preprocessing import standard
from core.datasets.dataset import Dataset
from core.drafts import draft_folder
from core.errors import ConfigError
from core.inside.row_completion import FAMILY
from core.lab.models.row_generator import negative_log_likelihood, row_generator
from core.lab.publishing.card_parts import card_layers, library_versions
from core.lab.publishing.litert_conversion import to_litert

EVALUATION_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class RowsConfig:
    """Configuration of a training; the defaults are those of the shipped network."""

    dataset: str = "mnist"
    train_size: int | None = None
    units: int = 160
    components: int = 16
    epochs: int = 3
    batch_size: int = 128
    learning_rate: float = 0.004  # Adam's at first; it falls to 0 along a cosine
    unconditional: float = 0.3  # share of the images that are shown without their class
    seed: int = 1


def train(config: RowsConfig, data: Dataset, progress: Callable[[float], None]) -> keras.Model:
    """Train the network and return it; ``progress`` is called with the share done, 0 to 1.

    Raises:
        ConfigError: when the images have more than one channel.
    """
    height, width, channels = data.info.shape
    if channels != 1:
        raise ConfigError("lab.rows_need_grey", dataset=data.info.name)
    keras.utils.set_random_seed(config.seed)
    classes = len(data.info.classes)
    model = row_generator(height, width, classes, config.units, config.components)
    steps = len(data.x_train) // config.batch_size
    rate = keras.optimizers.schedules.CosineDecay(config.learning_rate, steps * config.epochs)
    model.compile(keras.optimizers.Adam(rate, clipnorm=1.0), loss=negative_log_likelihood)
    batches = (
        tf.data.Dataset.from_tensor_slices((data.x_train[..., 0], data.y_train.astype(np.int32)))
        .shuffle(len(data.x_train), seed=config.seed)
        .batch(config.batch_size, drop_remainder=True)
        .map(lambda images, labels: _task(images, _sometimes_hidden(labels, config.unconditional), classes))
        .prefetch(2)
    )

    def report(epoch: int, batch: int) -> None:
        progress((epoch * steps + batch + 1) / (steps * config.epochs))

    model.fit(batches, epochs=config.epochs, verbose=0, callbacks=[_Reporter(report)])
    return keras.Model(model.inputs, model.outputs[0], name=model.name)  # without the optimizer's state


def test_loss(model: keras.Model, data: Dataset) -> float:
    """Return the loss in nats per test image, when the network is told the class."""
    total = 0.0
    for i in range(0, len(data.x_test), EVALUATION_BATCH):
        chosen = slice(i, i + EVALUATION_BATCH)
        labels = tf.constant(data.y_test[chosen].astype(np.int32))
        inputs, images = _task(tf.constant(data.x_test[chosen, ..., 0]), labels, len(data.info.classes))
        total += float(tf.reduce_sum(negative_log_likelihood(images, model(inputs))))
    return total / len(data.x_test)


def publish(model: keras.Model, config: RowsConfig, data: Dataset, loss: float, folder: Path) -> None:
    """Write the network's bundle."""
    outputs = {"mixture": model.output}
    with draft_folder(folder) as draft:
        model.save(draft / "model.keras")
        (draft / "model.tflite").write_bytes(to_litert(model, outputs))
        card = Card(
            format=FORMAT,
            title="Row-by-row GRU",
            family=FAMILY,
            architecture="row_gru",
            dataset=config.dataset,
            subject=data.info.subject,
            classes=data.info.classes,
            shape=data.info.shape,
            preprocessing=standard(data.info.preprocessing_kind, data.info.shape),
            parameters=model.count_params(),
            layers=card_layers(model),
            activations={name: tuple(tensor.shape[1:]) for name, tensor in outputs.items()},
            config=dataclasses.asdict(config),
            metrics={"test_loss": loss},
            seed=config.seed,
            versions=library_versions(),
            files={file.name: sha256(file) for file in draft.iterdir()},
        )
        write_card(draft, card)


def _task(images: tf.Tensor, labels: tf.Tensor, classes: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Return inputs (the rows above, the class) and targets (the rows) of images N×H×W uint8.

    A label of -1 hides the class.
    """
    images = tf.cast(images, tf.float32) / 255
    above = tf.pad(images[:, :-1], [[0, 0], [1, 0], [0, 0]])
    condition = tf.repeat(tf.one_hot(labels, classes)[:, None], images.shape[1], axis=1)
    return tf.concat([above, condition], axis=2), images


def _sometimes_hidden(labels: tf.Tensor, share: float) -> tf.Tensor:
    return tf.where(tf.random.uniform(tf.shape(labels)) < share, -1, labels)


class _Reporter(keras.callbacks.Callback):
    def __init__(self, report: Callable[[int, int], None]) -> None:
        super().__init__()
        self._report = report
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        self._report(self._epoch, batch)
