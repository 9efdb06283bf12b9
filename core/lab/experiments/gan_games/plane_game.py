"""Play the GAN game in the plane: the generator maps a square of noise to points like the real ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.errors import LabError
from core.gan_games import point_sets
from core.gan_games.rules import PENALTIES, Rules
from core.lab.experiments.gan_games.batch import Batch, numbers, random_seed
from core.lab.experiments.gan_games.game_experiment import GameExperiment
from core.lab.experiments.gan_games.gan_game import GanGame
from core.lab.models.gan import Gan
from core.lab.training.gan_losses import select_loss
from core.messages import Progress, message

BATCH = 128
MOMENTUM = 0.5  # as in Radford et al. 2016 and later papers with such points
SHOWN, ARROWS = 240, 60  # fakes shown, and how many of them have an arrow
LINES = 13  # grid lines in each direction
FIELD = 24  # cells along a side of the field of the discriminator's logits
MEASURED = 2500  # samples whose quality is measured


def players() -> Gan:
    """Return two networks, each with two hidden layers of 64: noise to points, points to logits (N×1)."""
    noise = keras.Input((2,), name="noise")
    x = layers.Dense(64, activation="relu", name="hidden1")(noise)
    x = layers.Dense(64, activation="relu", name="hidden2")(x)
    generator = keras.Model(noise, layers.Dense(2, name="points")(x), name="generator")
    point = keras.Input((2,), name="point")
    x = layers.Dense(64, activation="leaky_relu", name="hidden1")(point)
    x = layers.Dense(64, activation="leaky_relu", name="hidden2")(x)
    return Gan(generator, keras.Model(point, layers.Dense(1, name="logit")(x), name="discriminator"))


class PlaneGameExperiment(GameExperiment):
    """Games over sets of points: a single game, and a race of one game with each loss."""

    def __init__(self, progress: Progress) -> None:
        progress(message("lab.building_players"), 0.84)
        self._centres = tf.Variable(tf.zeros((1, 2)), shape=(None, 2), trainable=False)
        self._deviation = tf.Variable(0.0, trainable=False)
        self._seed = tf.Variable(0, trainable=False)
        self.game = GanGame(players(), self._draw, Rules(), MOMENTUM)
        self._initial_state = self.game.state()
        self._field_points = tf.constant(
            _square_grid(FIELD, point_sets.HALF_WIDTH * (1 - 1 / FIELD)), tf.float32
        )
        self._grid = tf.constant(_square_grid(LINES, 1.0), tf.float32)
        self.begin("ring8")
        self._warm_up(progress)

    def begin(self, points: str, drawing: str | None = None, seed: int = 0) -> dict[str, Any]:
        """Start again, with the same weights for all games of a race; ``drawing`` is the code of a drawn set.

        Raises:
            LabError: when nothing is drawn, or the set is unknown.
        """
        self._set = point_sets.drawn(drawing) if drawing else point_sets.get(points)
        self._centres.assign(self._set.centres)
        self._deviation.assign(self._set.deviation)
        self._seed.assign(seed)
        random = np.random.default_rng(seed)
        self._noise = tf.constant(random.uniform(-1, 1, (MEASURED, 2)), tf.float32)
        self.game.restore(self._initial_state)
        for model in (self.game.generator, self.game.discriminator):
            _initialise(model, seed)
        self.competitors = dict.fromkeys(PENALTIES, self.game.state())
        return self.frame()

    def begin_race(self, points: str, drawing: str | None = None, seed: int = 0) -> dict[str, Any]:
        """Start a race; return the frame of each loss, which differ only in the discriminator's output."""
        self.begin(points, drawing, seed)
        return self.race(0, Rules())

    def race(self, rounds: int, rules: Rules) -> dict[str, Any]:
        """Play rounds with each loss and its own penalty; return the frame of each, or why it failed."""
        return {loss: self._play_competitor(loss, rounds, rules) for loss in PENALTIES}

    def frame(self) -> dict[str, Any]:
        """Return what is drawn: fakes, grid (LINES×LINES×2), field (FIELD×FIELD logits), arrows.

        The first row of the field is the bottom one. The frame includes the discriminator's output for the
        current batch, and the quality of the samples.
        """
        samples, grid, field, arrows = (x.numpy() for x in self._evaluate(self.game.loss_index))
        found = point_sets.quality(self._set, samples)
        return {
            **self._counts(),
            "fake": samples[:SHOWN],
            "grid": grid.reshape(LINES, LINES, 2),
            "field": field.reshape(FIELD, FIELD),
            "arrows": arrows,  # ARROWS×2: minus the gradient of the generator's loss with respect to the fake
            "output": numbers(self.game.discriminator_output()),
            "good": found.good,
            "covered": found.covered,
            "modes": found.modes,
        }

    def _play_competitor(self, loss: str, rounds: int, rules: Rules) -> dict[str, Any]:
        self.game.restore(self.competitors[loss])
        try:
            frame = self.play(rounds, replace(rules, loss=loss, penalty=PENALTIES[loss]))
        except LabError as error:
            return {"lost": error.message}
        self.competitors[loss] = self.game.state()
        return frame

    @tf.function(autograph=False)
    def _evaluate(self, loss_index: tf.Tensor) -> tuple[tf.Tensor, ...]:
        generator, discriminator = self.game.generator, self.game.discriminator
        samples, grid = generator(self._noise), generator(self._grid)
        first = samples[:ARROWS]
        with tf.GradientTape() as tape:
            tape.watch(first)
            losses = select_loss("generator", loss_index, discriminator(first))
        return samples, grid, discriminator(self._field_points), -tape.gradient(losses, first)

    def _draw(self, number: tf.Tensor) -> Batch:
        seeds = [random_seed(self._seed, number, use) for use in range(4)]
        count = tf.shape(self._centres)[0]
        chosen = tf.random.stateless_uniform([BATCH], seeds[0], 0, count, tf.int32)
        spread = self._deviation * tf.random.stateless_normal([BATCH, 2], seeds[1])
        noise = tf.random.stateless_uniform([BATCH, 2], seeds[2], -1.0, 1.0)
        mixing = tf.random.stateless_uniform([BATCH, 1], seeds[3])
        return Batch(tf.gather(self._centres, chosen) + spread, [noise], [], mixing)


def _initialise(model: keras.Model, seed: int) -> None:
    """Initialise the weights as in a new model.

    Keras's global seed would do the same, but setting it clears TensorFlow's cache of kernels.
    """
    for i, variable in enumerate(model.trainable_variables):
        if len(variable.shape) > 1:
            variable.assign(keras.initializers.GlorotUniform(seed=1000 * seed + i)(variable.shape))
        else:
            variable.assign(tf.zeros(variable.shape))


def _square_grid(count: int, reach: float) -> np.ndarray:
    """Return the points of a square grid, row by row from the bottom: count²×2."""
    ticks = np.linspace(-reach, reach, count)
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
