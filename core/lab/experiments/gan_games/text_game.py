"""Play the GAN game over short texts of a small grammar, so that every sample can be checked."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.gan_games import equation_grammar
from core.gan_games.rules import Rules
from core.lab.experiments.gan_games.batch import Batch, numbers, random_seed
from core.lab.experiments.gan_games.game_experiment import GameExperiment
from core.lab.experiments.gan_games.gan_game import GanGame
from core.lab.models.text_gan import text_gan
from core.lab.training.gan_losses import call_in_training
from core.messages import Progress, message

RULES = Rules(penalty=0.1)
BATCH, LATENT = 128, 32
MOMENTUM = 0.5
SHOWN = 8  # texts of the current batch that are shown
SCORED = 2048  # generated texts that are scored
SMALLEST = 1e-9  # smallest uniform number drawn, so that its logarithm is finite

LETTERS = len(equation_grammar.ALPHABET)


class TextGameExperiment(GameExperiment):
    """A generator that writes equations, and a discriminator that reads them."""

    def __init__(self, progress: Progress, seed: int = 0) -> None:
        progress(message("lab.building_players"), 0.84)
        keras.utils.set_random_seed(seed)
        self._texts = tf.one_hot(equation_grammar.encode(equation_grammar.split()[0]), LETTERS)
        self._seed = seed
        players = text_gan(equation_grammar.LENGTH, LETTERS, LATENT)
        self.game = GanGame(players, self._draw, RULES, MOMENTUM)
        self._warm_up(progress)
        self._start = self.game.state()

    def begin(self) -> dict[str, Any]:
        """Restore the initial state; return the first frame."""
        self.game.restore(self._start)
        return self.frame()

    def frame(self) -> dict[str, Any]:
        """Return the current batch, each fake's preferred change, and the score of newly generated texts."""
        batch, output = self.game.batch(), self.game.discriminator_output()
        gradients = self.game.logit_gradients()[1][:SHOWN]
        fake = output.fake.numpy().argmax(-1)
        score = equation_grammar.score(self.write())
        return {
            **self._counts(),
            "noise": batch.noise[0][:SHOWN].numpy(),
            "fake": equation_grammar.decode(fake[:SHOWN]),
            "real": equation_grammar.decode(batch.real[:SHOWN].numpy().argmax(-1)),
            "preferred_changes": [
                preferred_change(text, gradient)
                for text, gradient in zip(fake[:SHOWN], gradients, strict=True)
            ],
            "output": numbers(output),
            "valid": score.valid,
            "distinct": score.distinct,
            "new": score.new,
        }

    def write(self) -> list[str]:
        """Return SCORED generated texts; they differ from turn to turn."""
        return equation_grammar.decode(self._write(tf.constant(sum(self.game.turns.values()))).numpy())

    @tf.function(autograph=False)
    def _write(self, number: tf.Tensor) -> tf.Tensor:
        # The seeds differ from those of the batches.
        seeds = [random_seed(self._seed + 1, number, use) for use in range(2)]
        return tf.argmax(call_in_training(self.game.generator, _noise(SCORED, *seeds)), axis=-1)

    def _draw(self, number: tf.Tensor) -> Batch:
        seeds = [random_seed(self._seed, number, use) for use in range(4)]
        chosen = tf.random.stateless_uniform([BATCH], seeds[0], 0, len(self._texts), tf.int32)
        mixing = tf.random.stateless_uniform([BATCH, 1, 1], seeds[1])
        return Batch(tf.gather(self._texts, chosen), _noise(BATCH, *seeds[2:]), [], mixing)


def _noise(count: int, letter_seed: tf.Tensor, latent_seed: tf.Tensor) -> list[tf.Tensor]:
    uniform = tf.random.stateless_uniform(
        [count, equation_grammar.LENGTH, LETTERS], letter_seed, SMALLEST, 1.0
    )
    latent = tf.random.stateless_normal([count, LATENT], latent_seed)
    return [latent, -tf.math.log(-tf.math.log(uniform))]


def preferred_change(text: np.ndarray, gradient: np.ndarray) -> tuple[int, str, float]:
    """Return the change of one character that raises the logit most: place, character, difference.

    The difference is a first-order estimate: the gradient of the logit (LENGTH×LETTERS) at the new character
    minus that at the old one.
    """
    gains = gradient - np.take_along_axis(gradient, text[:, None], axis=1)
    place, letter = np.unravel_index(int(gains.argmax()), gains.shape)
    return int(place), equation_grammar.ALPHABET[letter], float(gains[place, letter])
