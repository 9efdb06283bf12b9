"""Train a GAN: the discriminator's update, then the generator's, many steps per call."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.contract.config import GanConfig
from core.contract.events import Event, Finished, GanSteps, SamplePredictions, Samples, Snapshot, Started
from core.contract.learning_rates import factor_at
from core.datasets.dataset import Dataset
from core.lab.models import factory
from core.lab.publishing.litert_conversion import generator_to_litert
from core.lab.training.fast import FusedAdam, learning_pass
from core.lab.training.gan_losses import LOSSES, dense_gradients, squared_gradient_norm, zero_centred_penalty
from core.lab.training.layer_norms import LayerNorms
from core.lab.training.sample_evaluation import SampleClassifier, find_classifier
from core.lab.training.schedule import held_then_falling
from core.lab.training.training import ChunkTimer, MovingAverage, Taken, Training, epoch_order, take_steps
from core.lab.training.translation import translated

LOSS = LOSSES["non-saturating"]
R1_INTERVAL = (
    16  # the penalty is computed every 16th step and weighs 16-fold (Karras et al. 2020, appendix B)
)
SAMPLES_PER_CLASS, LARGE_SAMPLES_PER_CLASS = 8, 4
LARGE = 48  # pixels of a side from which on there are fewer samples, since many pictures of them are kept
CLASSIFIED_SAMPLES = 200  # new samples that are classified whenever the grid is drawn
FIGURES = (
    "discriminator_loss", "generator_loss", "d_real", "d_fake",
    "generator_learning_rate", "discriminator_learning_rate",
)  # fmt: skip
FIRST_SNAPSHOT = 80  # steps; the generator is kept at this step, four times this, and so on
FIRST_SAMPLES = 20  # steps; the grid is drawn at this step, twice this, four times … and at each epoch's end
# Besides, it is drawn when a visitor has seen the last one for so many seconds of training: at first often, …
FIRST_MINUTE, SOON, LATER = 60.0, 2.5, 9.0
LATE = 0.03  # … and of a long training every so large a share of its time


class GanTraining(Training):
    """Training of one GAN with the non-saturating logistic loss and a zero-centred gradient penalty.

    Source: Goodfellow et al. 2014, section 3 (the loss); Mescheder, Geiger, Nowozin 2018, section 4.1 (R1).
    """

    config: GanConfig

    def __init__(self, config: GanConfig, data: Dataset) -> None:
        super().__init__()
        keras.utils.set_random_seed(config.seed)
        self.config = config
        self.data = data
        self.classes = len(data.info.classes)
        gan = factory.adversaries(config.architecture, data.info.shape, self.classes, config.latent_size)
        self.generator, self.discriminator = gan.generator, gan.discriminator
        self._average = MovingAverage(self.generator, config.weight_average)
        self.model = self._average.model

        self._images = tf.constant(data.x_train)
        self._labels = tf.constant(data.y_train.astype(np.int32))
        self._count = len(data.x_train)
        self._batch_size = min(config.batch_size, self._count)
        self.steps_per_epoch = self._count // self._batch_size
        self.total_steps = self.steps_per_epoch * config.epochs
        self.order = tf.Variable(tf.range(self._count), trainable=False, name="order")

        self.generator_optimizer = _adam(config.generator_learning_rate, self.generator)
        self.discriminator_optimizer = _adam(config.discriminator_learning_rate, self.discriminator)
        self._generator_norms = LayerNorms(self.generator.trainable_variables, "generator/")
        self._discriminator_norms = LayerNorms(self.discriminator.trainable_variables, "discriminator/")
        self._classifier = find_classifier(data.info)
        of_class = SAMPLES_PER_CLASS if max(data.info.shape) < LARGE else LARGE_SAMPLES_PER_CLASS
        self._fixed_labels = np.tile(np.arange(self.classes, dtype=np.int32), of_class)
        self._fixed_latent = np.random.default_rng(config.seed).standard_normal(
            (len(self._fixed_labels), config.latent_size), np.float32
        )

    def __iter__(self) -> Iterator[Event]:
        yield Started(
            parameters=self.generator.count_params() + self.discriminator.count_params(),
            train_images=self._count,
            validation_images=0,
            steps_per_epoch=self.steps_per_epoch,
            total_steps=self.total_steps,
        )
        train_steps = self.train_steps.get_concrete_function(tf.constant(0), tf.constant(0))
        pace, drawn = ChunkTimer(), self.seconds
        if self.step == 0:
            yield self._samples()
        while self.step < self.total_steps and not self._stopping and not self._time_is_up():
            epoch, position = divmod(self.step, self.steps_per_epoch)
            self.order.assign(epoch_order(self._count, self.config.seed, epoch))
            self._rate_factor.assign(factor_at(self.rates, self.step))
            ahead = min(self.steps_per_epoch - position, next_sample_step(self.step) - self.step)
            steps = pace.begin(self._most(ahead))
            figures, norms = train_steps(tf.constant(self.step), tf.constant(steps))
            figures = [figure.numpy().tolist() for figure in figures]
            seconds = pace.end(steps)
            self.step += steps
            self.seconds += seconds
            due = self.step % self.steps_per_epoch == 0 or _is_sample_step(self.step)
            self.event_pending = due or self.seconds - drawn >= sample_pause(self.seconds)
            yield self._report(figures, norms, steps * self._batch_size / seconds)
            if self.event_pending:
                *others, last = self._drawings() if due else [self._samples()]
                drawn = self.seconds
                yield from others
                self.event_pending = False
                yield last
        early = self.step < self.total_steps
        yield Finished(
            step=self.step,
            seconds=self.seconds,
            stopped=self._stopping and early,
            reason=self._time_is_up() if early else None,
        )

    def _report(
        self, figures: list[list[float]], norms: list[tf.Tensor], images_per_second: float
    ) -> GanSteps:
        generator = self._generator_norms.named(norms[0])
        discriminator = self._discriminator_norms.named(norms[1])
        told: dict[str, Any] = dict(zip(FIGURES, figures, strict=True))
        return GanSteps(
            step=self.step,
            images_per_second=images_per_second,
            seconds=self.seconds,
            **told,
            **{name: generator[name] | discriminator[name] for name in generator},
        )

    def _drawings(self) -> list[Samples | SamplePredictions | Snapshot]:
        """Draw from the fixed noise, and from new noise for the classifier; keep a snapshot if one is due."""
        drawn: list[Samples | SamplePredictions | Snapshot] = [self._samples()]
        if self._classifier is not None:
            drawn.append(self._classified(self._classifier))
        if is_snapshot_step(self.step):
            drawn.append(Snapshot(self.step, generator_to_litert(self.model)))
        return drawn

    def _classified(self, classifier: SampleClassifier) -> SamplePredictions:
        labels = np.arange(CLASSIFIED_SAMPLES, dtype=np.int32) % self.classes
        random = np.random.default_rng((self.config.seed, self.step))  # touches nothing that training draws
        latent = random.standard_normal((CLASSIFIED_SAMPLES, self.config.latent_size), np.float32)
        images = self._draw(tf.constant(latent), tf.constant(labels)).numpy()
        return classifier.predict(self.step, np.round(images * 255).astype(np.uint8), labels)

    def _samples(self) -> Samples:
        images = self._draw(tf.constant(self._fixed_latent), tf.constant(self._fixed_labels)).numpy()
        epoch = self.step // self.steps_per_epoch
        levels = np.round(images * 255).astype(np.uint8)
        return Samples(step=self.step, epoch=epoch, images=levels, columns=self.classes)

    @tf.function(autograph=False)
    def _draw(self, latent: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        return self.model([latent, labels], training=False)

    @tf.function(autograph=False)  # its conversion takes a quarter of a second
    def train_steps(self, first: tf.Tensor, count: tf.Tensor) -> tuple[list[tf.Tensor], list[tf.Tensor]]:
        """Take ``count`` steps from step ``first`` on, within one epoch.

        Returns the ``FIGURES``, each of ``count`` numbers, and both players' norms at the end.
        """
        norms = self._generator_norms, self._discriminator_norms

        def take(step: tf.Tensor) -> Taken:
            figures, gradients = self.train_step(step)
            self._average.update(step)
            return figures, lambda: [own.measure(found) for own, found in zip(norms, gradients, strict=True)]

        return take_steps(first, count, take, len(FIGURES), [own.zeros() for own in norms])

    def train_step(self, step: tf.Tensor) -> tuple[tuple[tf.Tensor, ...], tuple[list[tf.Tensor], ...]]:
        """Draw images, update the discriminator on them, and update the generator against the discriminator.

        Returns the ``FIGURES`` and the gradients of generator and discriminator.
        """
        images, labels = self.batch(step)
        images = self._translated(images, step, 1)
        factor = self._rate_factor * held_then_falling(step, self.total_steps, self.config.held_rate)
        g_rate = factor * self.config.generator_learning_rate
        d_rate = factor * self.config.discriminator_learning_rate
        self.generator_optimizer.learning_rate.assign(g_rate)
        self.discriminator_optimizer.learning_rate.assign(d_rate)
        with tf.GradientTape() as tape:
            fakes = learning_pass(self.generator)([self.noise(step), labels])
            fakes = self._translated(fakes, step, 2)
            with tape.stop_recording():
                (d_loss, d_real, d_fake), d_gradients = self.discriminator_step(images, fakes, labels)
                if self.config.r1_weight:
                    due = step % R1_INTERVAL == 0
                    tf.cond(due, lambda: self.penalty_step(images, labels), lambda: None)
            logits = self._discriminator_logits([fakes, labels])
            g_loss = tf.reduce_mean(LOSS.generator(logits))
        g_gradients = self._apply(self.generator_optimizer, tape, g_loss, self.generator)
        return (d_loss, g_loss, d_real, d_fake, g_rate, d_rate), (g_gradients, d_gradients)

    def batch(self, step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the images (float32 in [0, 1]) and labels of a step, in the epoch's ``order``."""
        begin = step % self.steps_per_epoch * self._batch_size
        chosen = tf.ensure_shape(self.order[begin : begin + self._batch_size], [self._batch_size])
        images = tf.cast(tf.gather(self._images, chosen), tf.float32) / 255
        return images, tf.gather(self._labels, chosen)

    def _translated(self, images: tf.Tensor, step: tf.Tensor, use: int) -> tf.Tensor:
        """Return the images as the discriminator sees them; seed, step and use say how they are moved."""
        if not self.config.translation:
            return images
        seed = tf.random.experimental.stateless_fold_in(tf.stack([self.config.seed, step]), use)
        return translated(images, self.config.translation, seed)

    def discriminator_step(
        self, images: tf.Tensor, fakes: tf.Tensor, labels: tf.Tensor
    ) -> tuple[tuple[tf.Tensor, ...], list[tf.Tensor]]:
        """Update the discriminator; return its loss, mean D(x) and mean D(G(z)), and the gradients."""
        with tf.GradientTape() as tape:
            both = self._discriminator_logits([tf.concat([images, fakes], 0), tf.concat([labels, labels], 0)])
            real, fake = tf.split(both, 2)
            loss = tf.reduce_mean(LOSS.real(real)) + tf.reduce_mean(LOSS.fake(fake))
        gradients = self._apply(self.discriminator_optimizer, tape, loss, self.discriminator)
        return (loss, tf.reduce_mean(tf.sigmoid(real)), tf.reduce_mean(tf.sigmoid(fake))), gradients

    def _discriminator_logits(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        """Return the discriminator's logits for images and labels, in training mode."""
        return learning_pass(self.discriminator)(inputs)

    def penalty_step(self, images: tf.Tensor, labels: tf.Tensor) -> None:
        """Apply R1, weighted for all steps until the next; in one shard, which is less to trace."""
        with tf.GradientTape() as tape:
            squared = squared_gradient_norm(learning_pass(self.discriminator, shards=1), images, [labels])
            penalty = self.config.r1_weight * R1_INTERVAL * zero_centred_penalty(squared)
        self._apply(self.discriminator_optimizer, tape, penalty, self.discriminator)

    def noise(self, step: tf.Tensor) -> tf.Tensor:
        """Return the generator's noise of a step, N×``latent_size``; seed and step alone determine it."""
        seed = tf.stack([self.config.seed, step])
        return tf.random.stateless_normal([self._batch_size, self.config.latent_size], seed)

    @staticmethod
    def _apply(
        optimizer: keras.Optimizer, tape: tf.GradientTape, loss: tf.Tensor, model: keras.Model
    ) -> list[tf.Tensor]:
        """Update the model's weights; return the gradients, one per variable."""
        variables = model.trainable_variables
        dense = dense_gradients(tape, loss, variables)
        optimizer.apply(dense, variables)
        return dense

    def state(self) -> list[Any]:
        """Return every variable that training changes, always in the same order."""
        return [
            *self.generator.variables,
            *self.discriminator.variables,
            *self.generator_optimizer.variables,
            *self.discriminator_optimizer.variables,
            *self._average.model.weights,
        ]


def _adam(learning_rate: float, model: keras.Model) -> keras.Optimizer:
    """Return Adam without momentum, as in Karras et al. 2019, appendix C: the opponent keeps changing."""
    optimizer = FusedAdam(learning_rate, beta_1=0.0, beta_2=0.99, epsilon=1e-8)
    optimizer.build(model.trainable_variables)
    return optimizer


def next_sample_step(step: int) -> int:
    """Return the first step after ``step`` at which the grid is drawn, besides the end of each epoch."""
    doublings = max(0, math.floor(math.log2(step / FIRST_SAMPLES)) + 1) if step else 0
    return FIRST_SAMPLES * 2**doublings


def sample_pause(seconds: float) -> float:
    """Return the seconds of training after which the grid is drawn again, once it has trained ``seconds``."""
    return SOON if seconds < FIRST_MINUTE else max(LATER, LATE * seconds)


def _is_sample_step(step: int) -> bool:
    doublings = step / FIRST_SAMPLES
    return doublings >= 1 and math.log2(doublings).is_integer()


def is_snapshot_step(step: int) -> bool:
    """Return whether the generator is kept at this step."""
    quadruplings = step / FIRST_SNAPSHOT
    return quadruplings >= 1 and (math.log2(quadruplings) / 2).is_integer()
