"""Play a GAN game turn by turn, on any kind of sample."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.errors import LabError
from core.gan_games.rules import Rules
from core.lab.experiments.gan_games.batch import Batch, DiscriminatorOutput, Draw
from core.lab.models.gan import Gan
from core.lab.training.gan_losses import (
    LOSSES,
    call_in_training,
    dense_gradients,
    one_centred_penalty,
    select_loss,
    squared_gradient_norm,
    zero_centred_penalty,
)


class GanGame:
    """Two networks, the rules, and the current batch.

    A turn uses the current batch; ``draw`` takes the next one. Normalisation layers use the statistics of the
    batch, as in training, so a fake depends slightly on the other fakes of its batch.
    """

    def __init__(self, players: Gan, draw: Draw, rules: Rules, momentum: float = 0.0) -> None:
        """Prepare a game; ``momentum`` is the beta_1 of both Adam optimisers."""
        self.generator, self.discriminator = players.generator, players.discriminator
        self._draw = draw
        self._optimizers = {model: _adam(model, momentum) for model in (self.generator, self.discriminator)}
        self._number = tf.Variable(0, trainable=False, name="batch_number")
        self._variables = [
            *(
                variable.value
                for model, optimizer in self._optimizers.items()
                for variable in (*model.variables, *optimizer.variables)
            ),
            self._number,
        ]
        self.turns = {"discriminator": 0, "generator": 0}
        self.rounds = 0
        self.rules = rules

    @property
    def rules(self) -> Rules:
        """The current rules, which may be changed at any time."""
        return self._rules

    @rules.setter
    def rules(self, rules: Rules) -> None:
        self._rules = rules
        self._optimizers[self.discriminator].learning_rate.assign(rules.discriminator_learning_rate)
        self._optimizers[self.generator].learning_rate.assign(rules.generator_learning_rate)
        self.loss_index = tf.constant(list(LOSSES).index(rules.loss))
        self._loss_terms = self.loss_index, tf.constant(rules.penalty, tf.float32)

    def draw(self) -> None:
        """Take the next batch."""
        self._number.assign_add(1)

    def batch(self) -> Batch:
        """Return the current batch."""
        return self._batch(self._number)

    def discriminator_output(self) -> DiscriminatorOutput:
        """Return the discriminator's output for the current batch; change no weight."""
        return self._discriminator_output(self._number, *self._loss_terms)

    def logit_gradients(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients of the logits with respect to the real samples and to the fakes, N×… each."""
        real, fake = self._logit_gradients(self._number)
        return real.numpy(), fake.numpy()

    def logits_and_gradients(
        self, samples: tf.Tensor, context: Sequence[tf.Tensor]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the logits of any samples (N×…), and each logit's gradient with respect to its sample."""
        logits, gradients = self._logits_and_gradients(samples, context)
        return logits.numpy(), gradients.numpy()

    def turn(self, player: str) -> dict[str, Any]:
        """Update the "discriminator" or the "generator" once on the current batch.

        Return the network's loss before and after, and for each layer the norm of the gradient and of the
        update of its weights.
        """
        if player == "discriminator":
            model, numbers = self.discriminator, self._discriminator_turn(self._number, *self._loss_terms)
        else:
            model, numbers = self.generator, self._generator_turn(self._number, *self._loss_terms)
        self.turns[player] += 1
        return {"player": player, **_by_layer(model, *numbers)}

    def state(self) -> tuple[Any, ...]:
        """Return everything that a turn changes, for ``restore``."""
        return [variable.numpy() for variable in self._variables], dict(self.turns), self.rounds

    def restore(self, state: tuple[Any, ...]) -> None:
        """Restore a state that ``state`` returned."""
        for variable, value in zip(self._variables, state[0], strict=True):
            variable.assign(value)
        self.turns, self.rounds = dict(state[1]), state[2]
        self.rules = self._rules  # sets the learning rates, which are variables of the optimisers

    def play(self, rounds: int) -> None:
        """Play ``rounds`` rounds of k_D discriminator and k_G generator turns, a new batch for each turn.

        Raises:
            LabError: when a weight is no longer a finite number.
        """
        k_d, k_g = self.rules.discriminator_turns, self.rules.generator_turns
        finite = self._play(*map(tf.constant, (rounds, k_d, k_g)), *self._loss_terms)
        self.turns["discriminator"] += rounds * k_d
        self.turns["generator"] += rounds * k_g
        self.rounds += rounds
        if not finite:
            raise LabError("lab.players_lost")

    @tf.function(autograph=False)
    def _batch(self, number: tf.Tensor) -> Batch:
        return self._draw(number)

    @tf.function(autograph=False)
    def _discriminator_output(
        self, number: tf.Tensor, loss: tf.Tensor, weight: tf.Tensor
    ) -> DiscriminatorOutput:
        batch = self._draw(number)
        return self._evaluate(batch, self._fakes(batch), loss, weight)

    @tf.function(autograph=False)
    def _logit_gradients(self, number: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        batch = self._draw(number)
        fake = self._fakes(batch)
        with tf.GradientTape() as tape:
            tape.watch([batch.real, fake])
            logits = [self._logits(samples, batch.context) for samples in (batch.real, fake)]
        real_gradient, fake_gradient = tape.gradient(logits, [batch.real, fake])
        return real_gradient, fake_gradient

    @tf.function(autograph=False)
    def _logits_and_gradients(
        self, samples: tf.Tensor, context: Sequence[tf.Tensor]
    ) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(samples)
            logits = self._logits(samples, context)
        return logits, tape.gradient(logits, samples)

    @tf.function(autograph=False)
    def _discriminator_turn(self, number: tf.Tensor, loss: tf.Tensor, weight: tf.Tensor) -> tuple[Any, ...]:
        batch = self._draw(number)
        fake = self._fakes(batch)
        before, gradients, updates = self._update_discriminator(batch, fake, loss, weight)
        after = self._evaluate(batch, fake, loss, weight).discriminator_loss
        return before, after, _norms(gradients), _norms(updates)

    @tf.function(autograph=False)
    def _generator_turn(self, number: tf.Tensor, loss: tf.Tensor, weight: tf.Tensor) -> tuple[Any, ...]:
        batch = self._draw(number)
        before, gradients, updates = self._update_generator(batch, loss)
        after = tf.reduce_mean(
            select_loss("generator", loss, self._logits(self._fakes(batch), batch.context))
        )
        return before, after, _norms(gradients), _norms(updates)

    @tf.function
    def _play(
        self, rounds: tf.Tensor, k_d: tf.Tensor, k_g: tf.Tensor, loss: tf.Tensor, weight: tf.Tensor
    ) -> tf.Tensor:
        for _ in tf.range(rounds):
            for _ in tf.range(k_d):
                self._play_discriminator(loss, weight)
            for _ in tf.range(k_g):
                self._play_generator(loss)
        weights = [*self.generator.trainable_variables, *self.discriminator.trainable_variables]
        return tf.reduce_all([tf.reduce_all(tf.math.is_finite(weight.value)) for weight in weights])

    @tf.autograph.experimental.do_not_convert  # the conversion of the networks takes seconds
    def _play_discriminator(self, loss: tf.Tensor, weight: tf.Tensor) -> None:
        batch = self._draw(self._number.assign_add(1))
        self._update_discriminator(batch, self._fakes(batch), loss, weight)

    @tf.autograph.experimental.do_not_convert
    def _play_generator(self, loss: tf.Tensor) -> None:
        self._update_generator(self._draw(self._number.assign_add(1)), loss)

    def _update_discriminator(
        self, batch: Batch, fake: tf.Tensor, loss: tf.Tensor, weight: tf.Tensor
    ) -> tuple[tf.Tensor, list[tf.Tensor], list[tf.Tensor]]:
        with tf.GradientTape() as tape:
            value = self._evaluate(batch, fake, loss, weight).discriminator_loss
        return value, *self._apply(self.discriminator, tape, value)

    def _update_generator(
        self, batch: Batch, loss: tf.Tensor
    ) -> tuple[tf.Tensor, list[tf.Tensor], list[tf.Tensor]]:
        with tf.GradientTape() as tape:
            logits = self._logits(self._fakes(batch), batch.context)
            value = tf.reduce_mean(select_loss("generator", loss, logits))
        return value, *self._apply(self.generator, tape, value)

    def _apply(
        self, model: keras.Model, tape: tf.GradientTape, loss: tf.Tensor
    ) -> tuple[list[tf.Tensor], list[tf.Tensor]]:
        """Update a network; return its gradients and the updates of its weights."""
        variables = model.trainable_variables
        gradients = dense_gradients(tape, loss, variables)
        before = [tf.identity(variable.value) for variable in variables]
        self._optimizers[model].apply(gradients, variables)
        return gradients, [variable.value - old for variable, old in zip(variables, before, strict=True)]

    def _fakes(self, batch: Batch) -> tf.Tensor:
        return call_in_training(self.generator, [*batch.noise, *batch.context])

    def _logits(self, samples: tf.Tensor, context: Sequence[tf.Tensor]) -> tf.Tensor:
        return tf.squeeze(call_in_training(self.discriminator, [samples, *context]), -1)

    def _evaluate(
        self, batch: Batch, fake: tf.Tensor, loss: tf.Tensor, weight: tf.Tensor
    ) -> DiscriminatorOutput:
        real_logits = self._logits(batch.real, batch.context)
        fake_logits = self._logits(fake, batch.context)
        real_losses = select_loss("real", loss, real_logits)
        fake_losses = select_loss("fake", loss, fake_logits)
        generator_losses = select_loss("generator", loss, fake_logits)
        penalty = tf.cond(weight > 0, lambda: weight * self._penalty(batch, fake, loss), lambda: 0.0)
        total = tf.reduce_mean(real_losses) + tf.reduce_mean(fake_losses) + penalty
        return DiscriminatorOutput(
            fake,
            real_logits,
            fake_logits,
            real_losses,
            fake_losses,
            generator_losses,
            penalty,
            total,
            tf.reduce_mean(generator_losses),
        )

    def _penalty(self, batch: Batch, fake: tf.Tensor, loss: tf.Tensor) -> tf.Tensor:
        """Return the discriminator's gradient penalty: Wasserstein's own, or R1 for the other losses."""
        wasserstein = loss == list(LOSSES).index("wasserstein")
        between = batch.mixing * batch.real + (1 - batch.mixing) * fake
        points = tf.where(wasserstein, between, batch.real)
        squared = squared_gradient_norm(partial(self.discriminator, training=True), points, batch.context)
        return tf.where(wasserstein, one_centred_penalty(squared), zero_centred_penalty(squared))


def _adam(model: keras.Model, momentum: float) -> keras.Optimizer:
    """Return Adam with short averages, as in ``core.lab.training``, because the opponent keeps changing."""
    optimizer = keras.optimizers.Adam(0.001, beta_1=momentum, beta_2=0.99, epsilon=1e-8)
    optimizer.build(model.trainable_variables)
    return optimizer


def _norms(tensors: Sequence[tf.Tensor]) -> list[tf.Tensor]:
    return [tf.norm(tensor) for tensor in tensors]


def _by_layer(
    model: keras.Model,
    before: tf.Tensor,
    after: tf.Tensor,
    gradients: list[tf.Tensor],
    updates: list[tf.Tensor],
) -> dict[str, Any]:
    squares: dict[str, np.ndarray] = {}
    for variable, gradient, update in zip(model.trainable_variables, gradients, updates, strict=True):
        layer = variable.path.split("/")[-2]
        squares[layer] = squares.get(layer, np.zeros(2)) + np.array([float(gradient), float(update)]) ** 2
    norms = np.sqrt(np.array(list(squares.values())))
    return {
        "before": float(before),
        "after": float(after),
        "layers": list(squares),
        "gradients": norms[:, 0],
        "updates": norms[:, 1],
    }
