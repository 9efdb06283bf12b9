"""Write a run as TensorBoard's event files, with TensorFlow's own writer."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import tensorflow as tf
from PIL import Image
from tensorflow.core.util.event_pb2 import Event

from core.runs.report.history import History

Entry = tuple[int, float, tf.compat.v1.Summary.Value]  # step, seconds since the start, value
_VALIDATION = {"loss": "validation_loss", "accuracy": "validation_accuracy"}


def write(history: History, folder: Path) -> None:
    """Write event files into ``folder``; ``tensorboard --logdir FOLDER`` shows them.

    Values of training and validation images are in two subfolders, so that TensorBoard draws both in one
    chart, as it does for ``keras.callbacks.TensorBoard``.
    """
    began = _start_time(history)
    _write(folder / "train", began, _training_entries(history))
    if history.epochs:
        _write(folder / "validation", began, _validation_entries(history))


def _start_time(history: History) -> float:
    """Return when the training began, in seconds since 1970, which a resumed run's status does not hold."""
    status = history.run.status()
    latest = (status.ended or time.time()) - history.seconds
    return min(latest, status.started or latest)


def _write(folder: Path, began: float, values: Iterator[Entry]) -> None:
    """Write one file, named in the form that TensorBoard expects."""
    folder.mkdir(parents=True)
    with tf.io.TFRecordWriter(str(folder / f"events.out.tfevents.{int(began)}.deep-image-lab")) as file:
        file.write(Event(wall_time=began, file_version="brain.Event:2").SerializeToString())
        for step, second, value in values:
            summary = tf.compat.v1.Summary(value=[value])
            file.write(Event(wall_time=began + second, step=step, summary=summary).SerializeToString())


def _training_entries(history: History) -> Iterator[Entry]:
    seconds = history.seconds_by_step()
    for name, values in history.by_step.items():
        for step, value in enumerate(values, 1):
            yield step, seconds[step - 1], _scalar(name, value)
    chunks = [int(step) for step in history.by_chunk.get("step", ())]
    for kind, norms in (("weights", history.weight_norms), ("gradient", history.gradient_norms)):
        for layer, values in norms.items():
            for step, value in zip(chunks, values, strict=False):
                yield step, seconds[step - 1], _scalar(f"norm of the {kind}/{layer}", value)
    for step, value in zip(chunks, history.by_chunk.get("images_per_second", ()), strict=False):
        yield step, seconds[step - 1], _scalar("images_per_second", value)
    for sample in history.samples:
        picture = history.run.samples / Path(sample.file).name
        if picture.is_file():
            second = seconds[sample.step - 1] if sample.step else 0.0
            yield sample.step, second, _image("samples", picture.read_bytes())


def _validation_entries(history: History) -> Iterator[Entry]:
    for epoch in history.epochs:
        for name, field in _VALIDATION.items():
            yield epoch.step, epoch.seconds, _scalar(name, getattr(epoch, field))


def _scalar(tag: str, value: float) -> tf.compat.v1.Summary.Value:
    return tf.compat.v1.Summary.Value(tag=tag, simple_value=value)


def _image(tag: str, png: bytes) -> tf.compat.v1.Summary.Value:
    with Image.open(io.BytesIO(png)) as picture:
        image = tf.compat.v1.Summary.Image(
            height=picture.height,
            width=picture.width,
            colorspace=len(picture.getbands()),
            encoded_image_string=png,
        )
    return tf.compat.v1.Summary.Value(tag=tag, image=image)
