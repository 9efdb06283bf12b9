"""What every training has: it yields events, can be stopped, saved between two events, and restored."""

from __future__ import annotations

import hashlib
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.contract import learning_rates
from core.contract.config import TrainingConfig
from core.contract.events import Event
from core.errors import RunError
from core.messages import Message, message

CHUNK_SECONDS = (
    0.25  # a chart that moves four times a second looks live; Python wakes no more often than that
)

Taken = tuple[Sequence[tf.Tensor], Callable[[], Any]]  # a step's figures, and what measures its outcome

CHECKPOINTS = ("state.npz", "previous.npz")  # newest first


class Training(ABC):
    """A plain generator of events; what is done with them is the caller's business.

    ``model`` is what will be published. Everything that changes while it trains is either a variable of
    ``_state()`` or ``step``, so that saving those two is saving the training.
    """

    model: keras.Model
    config: TrainingConfig
    steps_per_epoch: int

    def __init__(self) -> None:
        self.metrics: dict[str, float] = {}  # of the finished model, on test data
        self.temperature = 1.0  # of the finished model's probabilities, fitted on validation data
        self.refuse_below = 0.0  # confidence under which the finished model rather says nothing
        self.step = 0
        self.seconds = 0.0  # of training, in all sessions of a resumed run
        self.event_pending = False  # true: the step has one more event, which a checkpoint now would lose
        self.until: int | None = None  # a chunk of steps ends here, so that a recorder may pause
        self.rates: learning_rates.Changes = ()
        self._rate_factor = keras.Variable(1.0, trainable=False, name="rate_factor")
        self._stopping = False

    @abstractmethod
    def __iter__(self) -> Iterator[Event]:
        """Trains, and yields what happens, up to ``Finished``."""

    @abstractmethod
    def _state(self) -> list[Any]:
        """Every variable that training changes, always in the same order."""

    def stop(self) -> None:
        """Asks for an end after the chunk of steps that is under way."""
        self._stopping = True

    def steer(self, until: int | None, changes: learning_rates.Changes) -> None:
        """Sets the step at which a chunk of steps has to end, and the changes of the learning rates."""
        self.until, self.rates = until, changes

    def _time_is_up(self) -> Message | None:
        """The reason to end, if the configured time is up."""
        limit = self.config.time_limit
        return message("lab.time_is_up", seconds=limit) if limit and self.seconds >= limit else None

    def _most(self, steps: int) -> int:
        """How many of ``steps`` the next chunk may take: to the next pause or change of learning rate."""
        ends = (self.until, learning_rates.next_change(self.rates, self.step))
        return min([steps, *(end - self.step for end in ends if end is not None and end > self.step)])

    def save(self, folder: Path) -> None:
        """Writes the whole state, so that ``restore`` goes on as if nothing had happened.

        One file with its own hash, moved into place when it is on the disk: who is killed here finds the
        checkpoint before, which is kept beside it.

        Raises:
            OSError: when the disk is full or may not be written to; the checkpoint before then stands.
        """
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {str(i): np.asarray(variable) for i, variable in enumerate(self._state())}
        draft = folder / "draft.npz"
        counters = {"step": np.asarray(self.step), "seconds": np.asarray(self.seconds)}
        digest = _digest({**counters, **arrays})
        try:
            np.savez(draft, sha256=digest, **counters, **arrays)
            _to_disk(draft)
        except OSError:
            draft.unlink(missing_ok=True)  # a full disk needs the room
            raise
        newest = folder / CHECKPOINTS[0]
        if newest.exists():
            newest.replace(folder / CHECKPOINTS[1])
        draft.replace(newest)
        _to_disk(folder)

    def restore(self, folder: Path) -> None:
        """Goes back to what ``save`` wrote last, or to the checkpoint before where that one is damaged.

        Raises:
            RunError: when no checkpoint can be read, or it belongs to another network.
        """
        state = self._state()
        saved = next(filter(None, (_read(folder / name) for name in CHECKPOINTS)), None)
        if saved is None:
            raise RunError(
                f"The checkpoint in {folder} is missing or damaged; start a new run with the same settings."
            )
        step, seconds = int(saved["step"]), float(saved["seconds"])
        values = [value for name, value in saved.items() if name.isdigit()]
        if [value.shape for value in values] != [tuple(variable.shape) for variable in state]:
            raise RunError(f"The checkpoint in {folder} belongs to another network.")
        for variable, value in zip(state, values, strict=True):
            variable.assign(value)
        self.step, self.seconds = step, seconds


def _read(file: Path) -> dict[str, np.ndarray] | None:
    """What a checkpoint holds, or None when it is missing, damaged, or not what its hash says."""
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


def _to_disk(path: Path) -> None:
    """Waits until a file, or the names in a folder, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class ChunkTimer:
    """How many steps make a chunk: about a quarter of a second's worth, whatever the machine."""

    def __init__(self) -> None:
        self._steps = 1
        self._began = 0.0

    def begin(self, most: int) -> int:
        """Starts the clock; returns how many steps to take, ``most`` at the most."""
        self._began = time.perf_counter()
        return min(self._steps, most)

    def end(self, steps: int) -> float:
        """The seconds that the steps took; sets the size of the next chunk."""
        seconds = time.perf_counter() - self._began
        wanted = round(steps * CHUNK_SECONDS / max(seconds, 1e-6))
        self._steps = max(1, min(wanted, 4 * self._steps))  # no leap on the strength of one timing
        return seconds


def take_steps(
    first: tf.Tensor, count: tf.Tensor, take: Callable[[tf.Tensor], Taken], figures: int, unmeasured: Any
) -> tuple[list[tf.Tensor], Any]:
    """``count`` steps from step ``first`` on, in a graph.

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
    """A copy of a model whose weights are the average of the original's over the last steps.

    Source: Polyak, Juditsky 1992; for generators Yazıcı et al. 2019. The first steps count less, so that the
    random start is soon forgotten.
    """

    def __init__(self, model: keras.Model, decay: float) -> None:
        self._model = model
        self._decay = decay
        self.model = keras.models.clone_model(model)
        self.model.set_weights(model.get_weights())

    def update(self, step: Any) -> None:
        """Moves the average towards the model's weights; ``step`` counts from 0 and may be a tensor."""
        step = tf.cast(step, tf.float32)
        left = 1.0 - tf.minimum(self._decay, (1.0 + step) / (10.0 + step))
        for average, weight in zip(self.model.weights, self._model.weights, strict=True):
            behind = tf.convert_to_tensor(average) - tf.convert_to_tensor(weight)
            tf.raw_ops.ResourceApplyGradientDescent(var=average.value.handle, alpha=left, delta=behind)


def epoch_order(images: int, seed: int, epoch: int) -> np.ndarray:
    """The order in which an epoch visits the images: a function of the seed and the epoch alone."""
    return np.random.default_rng((seed, epoch)).permutation(images).astype(np.int32)
