"""Train a CNN or an RNN: loss, gradient, update, many steps per call."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from core.bundles.bundle import pretrained
from core.contract.config import SHARDS, ClassifierConfig
from core.contract.dataset_info import DIGITS
from core.contract.evaluation import (
    Evaluation,
    evaluate,
    expected_calibration_error,
    fit_temperature,
    images_by_cell,
    refusal_threshold,
    softmax,
)
from core.contract.events import Answers, ClassifierSteps, EpochEnd, Event, Finished, Started
from core.contract.learning_rates import factor_at
from core.datasets.dataset import Dataset
from core.datasets.synthetic.handwriting import SIDE
from core.datasets.synthetic.outliers import outliers
from core.datasets.synthetic.rare_digits import rare_digits
from core.errors import ConfigError
from core.lab.models import factory
from core.lab.publishing.export_formats import load_model
from core.lab.training.augmentation import augment, reduced
from core.lab.training.fast import FusedAdam, FusedMuon, FusedSGD, learning_pass
from core.lab.training.first_weights import whiten
from core.lab.training.layer_norms import LayerNorms
from core.lab.training.schedule import MUON_WARM_UP, WARM_UP, one_cycle
from core.lab.training.training import ChunkTimer, MovingAverage, Taken, Training, epoch_order, take_steps
from core.messages import Message, message

OPTIMIZERS = {"adam": FusedAdam, "sgd": FusedSGD, "muon": FusedMuon}
EVALUATION_BATCH = 500
DRAWINGS = 10_000  # of each kind, drawn before the first step; augmentation makes more of them
FEWEST_TO_CALIBRATE = 10  # validation images; what is fitted to fewer would be chance
FEWEST_TO_SHARPEN = 100  # the same for a temperature below 1, which a few images, all right, would give
NO_CLASS = -1  # the label of an outlier


class Added(NamedTuple):
    """Drawn images of which some are added to each batch."""

    images: tf.Tensor
    labels: tf.Tensor
    number: int  # in a batch


class ClassifierTraining(Training):
    """Training of one classifier on one data set; all randomness comes from ``config.seed``.

    ``learn_from_all``: no image is kept for validation, whose figures then say nothing.
    """

    config: ClassifierConfig
    learner: keras.Model  # the network that is updated; ``model`` may be the average of its weights

    def __init__(self, config: ClassifierConfig, data: Dataset, *, learn_from_all: bool = False) -> None:
        super().__init__()
        keras.utils.set_random_seed(config.seed)
        self.config = config
        self.data = data
        self.learner = self._network()
        self._forward = learning_pass(self.learner)
        chosen = np.random.default_rng(config.seed).permutation(len(data.x_train))
        held_out = max(1, round(len(chosen) * config.validation_split))
        self._validation, self._taught = chosen[:held_out], chosen[0 if learn_from_all else held_out :]
        self._images = tf.constant(self._inputs(self._taught))
        self._labels = tf.constant(data.y_train[self._taught].astype(np.int32))
        self._count = len(self._taught)
        self._batch_size = min(config.batch_size, self._count)
        self._added = self._drawings()
        self.steps_per_epoch = self._count // self._batch_size
        self.total_steps = self.steps_per_epoch * config.epochs
        self._order = tf.Variable(tf.range(self._count), trainable=False, name="order")

        self._prepare()
        self._average = MovingAverage(self.learner, config.weight_average) if config.weight_average else None
        self.model = self._average.model if self._average else self.learner
        optimizer = OPTIMIZERS[config.optimizer]
        self._optimizer = optimizer(config.learning_rate, weight_decay=config.weight_decay or None)
        self._optimizer.build(self.learner.trainable_variables)
        self._norms = LayerNorms(self.learner.trainable_variables)
        # Lowest validation loss, epochs since, and the last validation accuracy: what may end the run early.
        self._progress = keras.Variable(np.array([np.inf, 0, 0]), trainable=False, name="progress")

    @property
    def taught(self) -> np.ndarray:
        """Numbers of the training images that the network learns from."""
        return self._taught

    def _network(self) -> keras.Model:
        """Return the network that is to learn."""
        info = self.data.info
        return factory.classifier(self.config.architecture, info.shape, len(info.classes))

    def _drawings(self) -> list[Added]:
        """Draw the images that are added to the batches: rare forms of digits first, then outliers."""
        found = []
        info, seed = self.data.info, self.config.seed
        if share := self.config.rare_forms:
            if info.classes != DIGITS or info.shape != (SIDE, SIDE, 1):
                raise ConfigError("lab.rare_forms_of_digits", dataset=self.config.dataset)
            images, labels = rare_digits(DRAWINGS, seed)
            found.append(self._added_to_batches(images, labels, share))
        if share := self.config.outliers:
            images = outliers(self.data.x_train, DRAWINGS, seed, info.subject)
            found.append(self._added_to_batches(images, np.full(len(images), NO_CLASS, np.int32), share))
        return found

    def _added_to_batches(self, images: np.ndarray, labels: np.ndarray, share: float) -> Added:
        number = max(1, round(self._batch_size * share))
        return Added(tf.constant(images), tf.constant(labels), number)

    def _inputs(self, chosen: np.ndarray) -> np.ndarray:
        """Return what the network learns from: the training images with these numbers."""
        return self.data.x_train[chosen]

    def _prepare(self) -> None:
        """Set the first weights, where they are not those that Keras has drawn.

        Raises:
            ConfigError: when the model to begin with is of another architecture.
        """
        if self.config.begin_with:
            begun = load_model(pretrained(self.config.begin_with))
            shapes = [[weight.shape for weight in model.weights] for model in (begun, self.learner)]
            if shapes[0] != shapes[1]:
                raise ConfigError("lab.other_first_weights", name=self.config.begin_with)
            self.learner.set_weights(begun.get_weights())
        else:
            whiten(self.learner, self._images)

    def __iter__(self) -> Iterator[Event]:
        yield Started(
            parameters=self.learner.count_params(),
            train_images=self._count,
            validation_images=len(self._validation),
            steps_per_epoch=self.steps_per_epoch,
            total_steps=self.total_steps,
        )
        pace = ChunkTimer()
        while self.step < self.total_steps and not self._stopping and not self._reason():
            epoch, position = divmod(self.step, self.steps_per_epoch)
            # Traced before the clock starts, so that no chart begins with the compiler's seconds.
            train_steps = self.train_steps.get_concrete_function(
                tf.constant(0), tf.constant(0), epoch < self.config.small_epochs
            )
            self._order.assign(epoch_order(self._count, self.config.seed, epoch))
            self._rate_factor.assign(factor_at(self.rates, self.step))
            steps = pace.begin(self._most(self.steps_per_epoch - position))
            figures, norms = train_steps(tf.constant(self.step), tf.constant(steps))
            loss, accuracy, learning_rate = figures
            loss = loss.numpy().tolist()  # waits for the arithmetic, so that the clock measures it
            seconds = pace.end(steps)
            self.step += steps
            self.seconds += seconds
            self.event_pending = self.step % self.steps_per_epoch == 0
            yield ClassifierSteps(
                step=self.step,
                loss=loss,
                accuracy=accuracy.numpy().tolist(),
                learning_rate=learning_rate.numpy().tolist(),
                images_per_second=steps * self._batch_size / seconds,
                seconds=self.seconds,
                **self._norms.named(norms),
            )
            if self.event_pending:
                answers, end = self._end_of_epoch()
                yield answers
                self.event_pending = False
                yield end
        yield from self.finish()

    @tf.function(autograph=False)  # its conversion takes a while
    def train_steps(
        self, first: tf.Tensor, count: tf.Tensor, small: bool = False
    ) -> tuple[list[tf.Tensor], tf.Tensor]:
        """Take ``count`` steps from step ``first`` on, within one epoch; ``small``: with reduced images.

        Returns loss, accuracy and learning rate, each of ``count`` numbers, and the layers' norms at the end.
        """
        return take_steps(first, count, partial(self._take, small=small), 3, self._norms.zeros())

    def _take(self, step: tf.Tensor, small: bool) -> Taken:
        images, labels = self.batch(step)
        images = reduced(images) if small else images
        warm_up = MUON_WARM_UP if self.config.optimizer == "muon" else WARM_UP
        rate = self._rate_factor * self.config.learning_rate * one_cycle(step, self.total_steps, warm_up)
        self._optimizer.learning_rate.assign(rate)
        loss, accuracy, gradients = self.train_step(images, labels)
        if self._average:
            self._average.update(step)
        return (loss, accuracy, rate), lambda: self._norms.measure(gradients)

    def batch(self, step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the images (float32 in [0, 1]) and labels that a step learns from, drawings last."""
        begin = step % self.steps_per_epoch * self._batch_size
        chosen = tf.ensure_shape(self._order[begin : begin + self._batch_size], [self._batch_size])
        images, labels = tf.gather(self._images, chosen), tf.gather(self._labels, chosen)
        seed = tf.stack([self.config.seed, step])
        for added in self._added:
            drawn = tf.random.stateless_uniform([added.number], seed, 0, DRAWINGS, tf.int32)
            images = tf.concat([images, tf.gather(added.images, drawn)], axis=0)
            labels = tf.concat([labels, tf.gather(added.labels, drawn)], axis=0)
        return self._augmented(images, seed), labels

    def _augmented(self, images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        return augment(tf.cast(images, tf.float32) / 255, self.config.augmentation, seed)

    def train_step(
        self, images: tf.Tensor, labels: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        """Compute the loss and its gradient, and update the weights."""
        with tf.GradientTape() as tape:
            logits = self._forward(images)
            loss = self.loss(logits, labels)
        variables = self.learner.trainable_variables
        gradients = tape.gradient(loss, variables)
        self._optimizer.apply(gradients, variables)
        known = logits[: self._batch_size], labels[: self._batch_size]
        right = tf.equal(tf.argmax(known[0], axis=1, output_type=tf.int32), known[1])
        return loss, tf.reduce_mean(tf.cast(right, tf.float32)), gradients

    def loss(self, logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """Return the mean cross-entropy with smoothed labels (Szegedy et al. 2016, section 7).

        The label of an outlier is smoothed entirely: every class has the same target.
        """
        classes, smoothing = logits.shape[1], self.config.label_smoothing
        if self.config.outliers:
            smoothing = tf.where(labels == NO_CLASS, 1.0, smoothing)[:, None]
        targets = tf.one_hot(labels, classes) * (1 - smoothing) + smoothing / classes
        return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(targets, logits))

    def _end_of_epoch(self) -> tuple[Answers, EpochEnd]:
        logits, labels = self._validation_answers()
        result = evaluate(logits, labels)
        best, epochs, _ = self._progress.numpy().tolist()
        since = 0.0 if np.float32(result.loss) < best else epochs + 1
        self._progress.assign([min(best, result.loss), since, result.accuracy])
        end = EpochEnd(
            epoch=self.step // self.steps_per_epoch,
            step=self.step,
            validation_loss=result.loss,
            validation_accuracy=result.accuracy,
            seconds=self.seconds,
        )
        images = self.data.x_train[self._validation]
        return self._answers_event("validation", images, labels, logits, result), end

    def _reason(self) -> Message | None:
        """Return why the training ends before its last epoch; None while none of its conditions is met."""
        _, epochs, accuracy = self._progress.numpy().tolist()
        target, patience = self.config.target_accuracy, self.config.patience
        if target and accuracy >= target:
            return message("lab.target_reached", percent=100 * target)
        if patience and epochs >= patience:
            return message("lab.no_progress", epochs=patience)
        return self._time_is_up()

    def finish(self) -> tuple[Answers, Finished]:
        """Calibrate on the validation images, then use the test set for the only time."""
        logits, labels = self._validation_answers()
        if len(labels) >= FEWEST_TO_CALIBRATE:
            lowest = 0.0 if len(labels) >= FEWEST_TO_SHARPEN else 1.0
            self.temperature = max(lowest, fit_temperature(logits, labels))
            self.refuse_below = refusal_threshold(softmax(logits / self.temperature))
        images, labels = self.data.x_test, self.data.y_test.astype(np.int64)
        logits = self._test_logits(images)
        result = evaluate(logits, labels)
        self.metrics = {
            "test_accuracy": result.accuracy,
            "test_loss": result.loss,
            "expected_calibration_error": expected_calibration_error(
                softmax(logits / self.temperature), labels
            ),
        }
        finished = Finished(
            step=self.step,
            seconds=self.seconds,
            stopped=self._stopping and self.step < self.total_steps,
            reason=self._reason() if self.step < self.total_steps else None,
            metrics=self.metrics,
            confusion=result.confusion.tolist(),
        )
        return self._answers_event("test", images, labels, logits / self.temperature, result), finished

    def _answers_event(
        self, split: str, images: np.ndarray, labels: np.ndarray, logits: np.ndarray, result: Evaluation
    ) -> Answers:
        return Answers(
            step=self.step,
            epoch=self.step // self.steps_per_epoch,
            split=split,
            confusion=result.confusion.tolist(),
            images=images_by_cell(images, labels, logits),
        )

    def _validation_answers(self) -> tuple[np.ndarray, np.ndarray]:
        labels = self.data.y_train[self._validation].astype(np.int64)
        return self._validation_logits(), labels

    def _validation_logits(self) -> np.ndarray:
        return self.logits(self.data.x_train[self._validation])

    def _test_logits(self, images: np.ndarray) -> np.ndarray:
        return self.logits(images)

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return the model's logits, N×classes, for uint8 images."""
        batches = [images[i : i + EVALUATION_BATCH] for i in range(0, len(images), EVALUATION_BATCH)]
        with ThreadPoolExecutor(SHARDS) as threads:  # a batch each, as in training
            return np.concatenate(list(threads.map(lambda batch: self._batch_logits(batch).numpy(), batches)))

    @tf.function(reduce_retracing=True, autograph=False)
    def _batch_logits(self, images: tf.Tensor) -> tf.Tensor:
        return self.model(tf.cast(images, tf.float32) / 255, training=False)

    def state(self) -> list[Any]:
        """Return every variable that training changes, always in the same order."""
        averages = self._average.model.weights if self._average else []
        return [*self.learner.variables, *self._optimizer.variables, *averages, self._progress]
