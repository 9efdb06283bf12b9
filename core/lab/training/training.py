"""Share what all trainings do: yield events, stop, save between two events, and restore."""

from __future__ import annotations

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.contract import learning_rates
from core.contract.config import TrainingConfig
from core.contract.events import Event
from core.drafts import flush_to_disk
from core.errors import RunError
from core.messages import Message, message

CHUNK_SECONDS = (
    0.25  # a chart that moves four times a second looks live; Python wakes no more often than that
)

Taken = tuple[Sequence[tf.Tensor], Callable[[], Any]]  # a step's figures, and what measures its outcome

CHECKPOINTS = ("state.npz", "previous.npz")  # newest first


@dataclass(frozen=True)
class TrainingResult:
    """Network and figures of a training, without the images and graphs that only its steps needed."""

    model: keras.Model
    config: TrainingConfig
    metrics: dict[str, float]
    temperature: float
    refuse_below: float
    discriminator: keras.Model | None = None


class Training(ABC):
    """Iterable of events; what happens with them is up to the caller.

    ``model`` is what will be published. Everything that changes while it trains is either a variable of
    ``state()`` or ``step``, so that saving those two is saving the training.
    """

    model: keras.Model
    config: TrainingConfig
    steps_per_epoch: int

    def __init__(self) -> None:
        self.metrics: dict[str, float] = {}  # of the finished model, on test data
        self.temperature = 1.0  # of the finished model's probabilities, fitted on validation data
        self.refuse_below = 0.0  # lowest probability at which the finished model still answers
        self.step = 0
        self.seconds = 0.0  # of training, in all sessions of a resumed run
        self.event_pending = False  # true: the step has one more event, which a checkpoint now would lose
        self.until: int | None = None  # a chunk of steps ends here, so that a recorder may pause
        self.rates: learning_rates.Changes = ()
        self._rate_factor = keras.Variable(1.0, trainable=False, name="rate_factor")
        self._stopping = False

    @abstractmethod
    def __iter__(self) -> Iterator[Event]:
        """Train, and yield what happens, up to ``Finished``."""

    @abstractmethod
    def state(self) -> list[Any]:
        """Return every variable that training changes, always in the same order."""

    def result(self) -> TrainingResult | Training:
        """Return what is to be published, so that all else can be freed before the model is converted."""
        found = self.model, self.config, self.metrics, self.temperature, self.refuse_below
        return TrainingResult(*found, getattr(self, "discriminator", None))

    def stop(self) -> None:
        """End the training after the current chunk of steps."""
        self._stopping = True

    def steer(self, until: int | None, changes: learning_rates.Changes) -> None:
        """Set the step at which a chunk of steps has to end, and the changes of the learning rates."""
        self.until, self.rates = until, changes

    def _time_is_up(self) -> Message | None:
        """Return the reason to end, if the configured time is up."""
        limit = self.config.time_limit
        return message("lab.time_is_up", seconds=limit) if limit and self.seconds >= limit else None

    def _most(self, steps: int) -> int:
        """Return how many of ``steps`` fit before the next pause or change of learning rate."""
        ends = (self.until, learning_rates.next_change(self.rates, self.step))
        return min([steps, *(end - self.step for end in ends if end is not None and end > self.step)])

    def save(self, folder: Path) -> None:
        """Write the whole state, so that ``restore`` continues as if nothing had happened.

        The file holds its own hash and is moved into place once it is on the disk. The previous checkpoint is
        kept beside it, for a process that is killed here.

        Raises:
            OSError: when the disk is full or may not be written to; the previous checkpoint then remains.
        """
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {str(i): np.asarray(variable) for i, variable in enumerate(self.state())}
        draft = folder / "draft.npz"
        counters = {"step": np.asarray(self.step), "seconds": np.asarray(self.seconds)}
        digest = _digest({**counters, **arrays})
        try:
            np.savez(draft, sha256=digest, **counters, **arrays)
            flush_to_disk(draft)
        except OSError:
            draft.unlink(missing_ok=True)  # a full disk needs the room
            raise
        newest = folder / CHECKPOINTS[0]
        if newest.exists():
            newest.replace(folder / CHECKPOINTS[1])
        draft.replace(newest)
        flush_to_disk(folder)

    def restore(self, folder: Path) -> None:
        """Restore what ``save`` wrote last, or the previous checkpoint if that one is damaged.

        Raises:
            RunError: when no checkpoint can be read, or it belongs to another network.
        """
        state = self.state()
        saved = next(filter(None, (_read(folder / name) for name in CHECKPOINTS)), None)
        if saved is None:
            raise RunError("lab.checkpoint_damaged", folder=folder)
        step, seconds = int(saved["step"]), float(saved["seconds"])
        values = [value for name, value in saved.items() if name.isdigit()]
        if [value.shape for value in values] != [tuple(variable.shape) for variable in state]:
            raise RunError("lab.checkpoint_of_another_network", folder=folder)
        for variable, value in zip(state, values, strict=True):
            variable.assign(value)
        self.step, self.seconds = step, seconds


def _read(file: Path) -> dict[str, np.ndarray] | None:
    """Return the arrays of a checkpoint; None if it is missing, damaged, or does not match its hash."""
    try:
        with np.load(file, allow_pickle=False) as arrays:
            values = {name: arrays[name] for name in arrays.files}
        whole = str(values.pop("sha256")) == _digest(values)
    except Exception:  # zipfile, zlib and NumPy have a dozen kinds for a damaged file
        return None
    return values if whole else None


def _digest(arrays: dict[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {arrays[name].shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


class ChunkTimer:
    """Number of steps in a chunk: as many as take about a quarter of a second on this machine."""

    def __init__(self) -> None:
        self._steps = 1
        self._began = 0.0

    def begin(self, most: int) -> int:
        """Start the clock; return how many steps to take, at most ``most``."""
        self._began = time.perf_counter()
        return min(self._steps, most)

    def end(self, steps: int) -> float:
        """Return the seconds that the steps took, and set the size of the next chunk."""
        seconds = time.perf_counter() - self._began
        wanted = round(steps * CHUNK_SECONDS / max(seconds, 1e-6))
        self._steps = max(1, min(wanted, 4 * self._steps))  # no leap on the strength of one timing
        return seconds


def take_steps(
    first: tf.Tensor, count: tf.Tensor, take: Callable[[tf.Tensor], Taken], figures: int, unmeasured: Any
) -> tuple[list[tf.Tensor], Any]:
    """Take ``count`` steps from step ``first`` on, in a graph.

    ``take(step)`` is traced once. Of its figures, as many as ``figures``, all are returned, ``count`` numbers
    each; its measuring is done after the last step alone, and gives tensors of the shapes of ``unmeasured``.
    """

    def body(i: tf.Tensor, arrays: list[tf.TensorArray], measured: Any) -> tuple[Any, ...]:
        values, measure = take(first + i)
        measured = tf.cond(i == count - 1, measure, lambda: measured)
        return i + 1, [array.write(i, x) for array, x in zip(arrays, values, strict=True)], measured

    arrays = [tf.TensorArray(tf.float32, count) for _ in range(figures)]
    _, arrays, measured = tf.while_loop(lambda i, *_: i < count, body, (0, arrays, unmeasured))
    return [array.stack() for array in arrays], measured


class MovingAverage:
    """Copy of a model whose weights are the average of the original's over the last steps.

    Source: Polyak, Juditsky 1992; for generators Yazıcı et al. 2019. The first steps count less, so that the
    random start is soon forgotten.
    """

    def __init__(self, model: keras.Model, decay: float) -> None:
        self._model = model
        self._decay = decay
        self.model = keras.models.clone_model(model)
        self.model.set_weights(model.get_weights())

    def update(self, step: Any) -> None:
        """Move the average towards the model's weights; ``step`` counts from 0 and may be a tensor."""
        step = tf.cast(step, tf.float32)
        left = 1.0 - tf.minimum(self._decay, (1.0 + step) / (10.0 + step))
        for average, weight in zip(self.model.weights, self._model.weights, strict=True):
            behind = tf.convert_to_tensor(average) - tf.convert_to_tensor(weight)
            tf.raw_ops.ResourceApplyGradientDescent(var=average.value.handle, alpha=left, delta=behind)


def epoch_order(images: int, seed: int, epoch: int) -> np.ndarray:
    """Return the order in which an epoch visits the images, from the seed and the epoch alone."""
    return np.random.default_rng((seed, epoch)).permutation(images).astype(np.int32)
