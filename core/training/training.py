"""What every training has: it yields events, can be stopped, saved between two events, and restored."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.errors import RunError
from core.training.config import TrainingConfig
from core.training.events import Event

CHUNK_SECONDS = (
    0.25  # a chart that moves four times a second looks live; Python wakes no more often than that
)


class Training(ABC):
    """A plain generator of events; what is done with them is the caller's business.

    ``model`` is what will be published. Everything that changes while it trains is either a variable of
    ``_state()`` or ``step``, so that saving those two is saving the training.
    """

    model: keras.Model
    config: TrainingConfig

    def __init__(self) -> None:
        self.metrics: dict[str, float] = {}  # of the finished model, on test data
        self.temperature = 1.0  # of the finished model's probabilities, fitted on validation data
        self.refuse_below = 0.0  # confidence under which the finished model rather says nothing
        self.step = 0
        self.seconds = 0.0  # of training, in all sessions of a resumed run
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

    def save(self, folder: Path) -> None:
        """Writes the whole state, so that ``restore`` goes on as if nothing had happened.

        One file, replaced when it is complete: who is killed here finds the checkpoint before.
        """
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {str(i): np.asarray(variable) for i, variable in enumerate(self._state())}
        draft = folder / "draft.npz"
        np.savez(draft, step=self.step, seconds=self.seconds, **arrays)  # type: ignore[arg-type]
        draft.replace(folder / "state.npz")

    def restore(self, folder: Path) -> None:
        """Goes back to what ``save`` wrote.

        Raises:
            RunError: when the checkpoint cannot be read or belongs to another network.
        """
        state = self._state()
        try:
            with np.load(folder / "state.npz", allow_pickle=False) as arrays:
                values = [arrays[name] for name in arrays.files if name.isdigit()]
                step, seconds = int(arrays["step"]), float(arrays["seconds"])
        except Exception as error:  # zipfile, zlib and NumPy have a dozen kinds for a damaged file
            raise RunError(f"The checkpoint in {folder} is missing or damaged.") from error
        if [value.shape for value in values] != [tuple(variable.shape) for variable in state]:
            raise RunError(f"The checkpoint in {folder} belongs to another network.")
        for variable, value in zip(state, values, strict=True):
            variable.assign(value)
        self.step, self.seconds = step, seconds


class Pace:
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
        step = keras.ops.cast(step, "float32")
        decay = keras.ops.minimum(self._decay, (1.0 + step) / (10.0 + step))
        for average, weight in zip(self.model.weights, self._model.weights, strict=True):
            average.assign(weight + decay * (average - weight))


def epoch_order(images: int, seed: int, epoch: int) -> np.ndarray:
    """The order in which an epoch visits the images: a function of the seed and the epoch alone."""
    return np.random.default_rng((seed, epoch)).permutation(images).astype(np.int32)
