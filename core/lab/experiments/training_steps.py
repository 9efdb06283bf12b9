"""Take the five steps of training one at a time: initialise, forward, loss, backward, update.

The network is the tutorial's CNN (93,322 parameters). Every method returns the numbers of its step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.errors import ConfigError
from core.lab.models import factory
from core.messages import Progress, message

SHAPE, CLASSES = (28, 28, 1), 10
OPTIMISERS = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
MAX_IMAGES, MAX_STEPS = 64, 100

Numbers = dict[str, Any]


class TrainingSteps:
    """One network and one batch; a step out of order raises an error that names the missing step."""

    def __init__(self, progress: Progress) -> None:
        self._model = factory.classifier("tutorial", SHAPE, CLASSES)
        self._optimisers = {name: kind() for name, kind in OPTIMISERS.items()}
        for i, optimiser in enumerate(self._optimisers.values()):
            progress(message("lab.building_network"), 0.8 + 0.1 * i)
            optimiser.build(self._model.trainable_variables)
        self._logits: np.ndarray | None = None
        self._loss: np.ndarray | None = None
        self._gradients: list[tf.Tensor] | None = None
        self._compiled = {name: self._compile(optimiser) for name, optimiser in self._optimisers.items()}
        blank = np.zeros((2, *SHAPE[:2]), np.uint8)
        for name in OPTIMISERS:  # run everything once, so that no visitor waits for compilation
            self.initialise(blank, [0, 1], 0, name, 0.001)
            for method in (self.forward, self.loss, self.backward, self.update):
                method()
            self.repeat(1)

    def initialise(
        self, images: np.ndarray, labels: Sequence[int], seed: int, optimiser: str, learning_rate: float
    ) -> Numbers:
        """Draw the weights from ``seed``; images are N×28×28 uint8.

        Return each layer's shape, number of parameters, fan-in, fan-out and largest weight.

        Raises:
            ConfigError: when images, labels, optimiser or learning rate are out of range.
        """
        _check_request(images, labels, optimiser, learning_rate)
        self._images = tf.constant(images[..., None], tf.float32) / 255
        self._labels = tf.constant(labels, tf.int32)
        keras.utils.set_random_seed(seed)
        self._model.set_weights(factory.classifier("tutorial", SHAPE, CLASSES).get_weights())
        self._chosen = optimiser
        for variable in self._optimiser.variables:
            variable.assign(tf.zeros_like(variable))
        self._optimiser.learning_rate.assign(learning_rate)
        self._clear_results()
        return {"layers": [self._initial_weights(layer) for layer in self._layers()]}

    def forward(self) -> Numbers:
        """Return the logits of each image, N×classes."""
        self._logits = np.asarray(self._model(self._images))
        return {"logits": self._logits}

    def loss(self) -> Numbers:
        """Return the cross-entropy of each image, in nats, and their mean.

        Raises:
            ConfigError: when there are no logits yet.
        """
        if self._logits is None:
            raise ConfigError("lab.no_logits")
        self._loss = np.asarray(_cross_entropy(self._labels, self._logits))
        return {"losses": self._loss, "loss": float(self._loss.mean())}

    def backward(self) -> Numbers:
        """Return the norm of the gradient of the mean loss with respect to each layer's weights.

        Raises:
            ConfigError: when there is no loss yet.
        """
        if self._loss is None:
            raise ConfigError("lab.no_loss")
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(_cross_entropy(self._labels, self._model(self._images)))
        self._gradients = tape.gradient(loss, self._model.trainable_variables)
        return {"norms": [{"name": layer.name, "norm": self._norm(layer)} for layer in self._layers()]}

    def update(self) -> Numbers:
        """Update the weights; return the size of each layer's update, and the weight that changed most.

        Raises:
            ConfigError: when there is no gradient yet.
        """
        if self._gradients is None:
            raise ConfigError("lab.no_gradient")
        before = [np.asarray(variable) for variable in self._model.trainable_variables]
        self._optimiser.apply(self._gradients, self._model.trainable_variables)
        updates = [np.asarray(v) - b for v, b in zip(self._model.trainable_variables, before, strict=True)]
        answer = {
            "loss": float(tf.reduce_mean(_cross_entropy(self._labels, self._model(self._images)))),
            "layers": [self._layer_update(layer, updates) for layer in self._layers()],
            "weight": self._largest_update(before, updates),
        }
        self._clear_results()
        return answer

    def repeat(self, count: int) -> Numbers:
        """Take ``count`` more steps; return the mean loss before each, and the logits after the last.

        Raises:
            ConfigError: when ``count`` is out of range.
        """
        if not 1 <= count <= MAX_STEPS:
            raise ConfigError("lab.step_count", most=MAX_STEPS, count=count)
        losses = self._compiled[self._chosen](self._images, self._labels, tf.constant(count))
        self._clear_results()
        logits = np.asarray(self._model(self._images))
        return {"losses": np.asarray(losses).tolist(), "logits": logits}

    @property
    def _optimiser(self) -> Any:
        return self._optimisers[self._chosen]

    def _clear_results(self) -> None:
        """Discard the results that were computed from the previous weights."""
        self._logits = self._loss = self._gradients = None

    def _layers(self) -> list[Any]:
        return [layer for layer in self._model.layers if layer.trainable_variables]

    def _indices(self, layer: Any) -> list[int]:
        """Return the indices of a layer's variables among the model's."""
        paths = [variable.path for variable in self._model.trainable_variables]
        return [paths.index(variable.path) for variable in layer.trainable_variables]

    def _initial_weights(self, layer: Any) -> Numbers:
        kernel = np.asarray(layer.kernel)
        receptive = int(np.prod(kernel.shape[:-2]))
        return {
            "name": layer.name,
            "shape": kernel.shape,
            "parameters": layer.count_params(),
            "fan_in": receptive * kernel.shape[-2],
            "fan_out": receptive * kernel.shape[-1],
            "largest": float(np.abs(kernel).max()),
        }

    def _norm(self, layer: Any) -> float:
        assert self._gradients is not None  # the caller has computed them
        return float(tf.linalg.global_norm([self._gradients[i] for i in self._indices(layer)]))

    def _layer_update(self, layer: Any, updates: list[np.ndarray]) -> Numbers:
        sizes = np.abs(np.concatenate([updates[i].ravel() for i in self._indices(layer)]))
        return {
            "name": layer.name,
            "parameters": sizes.size,
            "changed": int((sizes > 0).sum()),
            "mean": float(sizes.mean()),
            "largest": float(sizes.max()),
        }

    def _largest_update(self, before: list[np.ndarray], updates: list[np.ndarray]) -> Numbers:
        """Return the weight that changed most: its position, values before and after, and optimiser state."""
        assert self._gradients is not None  # the caller has checked
        k = int(np.argmax([np.abs(m).max() for m in updates]))
        place = np.unravel_index(int(np.abs(updates[k]).argmax()), updates[k].shape)
        variable = self._model.trainable_variables[k]
        weight = {
            "variable": variable.path,
            "place": tuple(int(i) + 1 for i in place),
            "gradient": float(np.asarray(self._gradients[k])[place]),
            "before": float(before[k][place]),
            "after": float(np.asarray(variable)[place]),
            "step": int(self._optimiser.iterations),
        }
        if self._chosen == "adam":
            for name, moments in (
                ("first", self._optimiser._momentums),
                ("second", self._optimiser._velocities),
            ):
                weight[name] = float(np.asarray(moments[k])[place])
        return weight

    def _compile(self, optimiser: Any) -> Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]:
        variables = self._model.trainable_variables

        @tf.function(
            input_signature=[
                tf.TensorSpec((None, *SHAPE), tf.float32),
                tf.TensorSpec((None,), tf.int32),
                tf.TensorSpec((), tf.int32),
            ]
        )
        def steps(images: tf.Tensor, labels: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
            losses = tf.TensorArray(tf.float32, count)
            for i in tf.range(count):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(_cross_entropy(labels, self._model(images)))
                optimiser.apply(tape.gradient(loss, variables), variables)
                losses = losses.write(i, loss)
            return losses.stack()

        return steps


def _cross_entropy(labels: Any, logits: Any) -> tf.Tensor:
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)


def _check_request(images: np.ndarray, labels: Sequence[int], optimiser: str, learning_rate: float) -> None:
    if images.shape[1:] != SHAPE[:2] or images.dtype != np.uint8 or not 1 <= len(images) <= MAX_IMAGES:
        raise ConfigError("lab.batch_images", most=MAX_IMAGES)
    if len(labels) != len(images) or not all(0 <= label < CLASSES for label in labels):
        raise ConfigError("lab.labels", high=CLASSES - 1)
    if optimiser not in OPTIMISERS or not 0 < learning_rate <= 1:
        raise ConfigError("lab.optimiser")
