from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from core.errors import ConfigError, LabError
from core.gan_games.rules import LOSSES, PENALTIES, Rules
from core.lab.experiments.gan_games.batch import Batch
from core.lab.experiments.gan_games.gan_game import GanGame
from core.lab.experiments.gan_games.plane_game import players


def _draw(number: tf.Tensor) -> Batch:
    def normal(use: int, *shape: int) -> tf.Tensor:
        return tf.random.stateless_normal(shape, tf.stack([number, use]))

    mixing = tf.random.stateless_uniform([16, 1], tf.stack([number, 2]))
    return Batch(normal(0, 16, 2), [normal(1, 16, 2)], [], mixing)


@pytest.fixture(scope="module")
def shared() -> tuple[GanGame, tuple]:
    game = GanGame(players(), _draw, Rules())
    return game, game.state()


@pytest.fixture
def game(shared: tuple[GanGame, tuple]) -> GanGame:
    """Return the game at its start; it is built only once, since its compilation is slow."""
    game, start = shared
    game.rules = Rules()
    game.restore(start)
    return game


def _losses_of_the_papers(game: GanGame, rules: Rules) -> tuple[tf.Tensor, tf.Tensor, tf.GradientTape]:
    """Return both losses of the current batch by the papers' formulas, and the tape that recorded them."""
    batch = game.batch()
    with tf.GradientTape(persistent=True) as tape:
        fake = game.generator(batch.noise[0])
        real_logits, fake_logits = game.discriminator(batch.real), game.discriminator(fake)
        if rules.loss == "wasserstein":
            d_loss = tf.reduce_mean(fake_logits) - tf.reduce_mean(real_logits)
            g_loss = -tf.reduce_mean(fake_logits)
            between = batch.mixing * batch.real + (1 - batch.mixing) * fake
            with tf.GradientTape() as inner:
                inner.watch(between)
                logits = game.discriminator(between)
            slope = tf.norm(inner.gradient(logits, between), axis=1)
            d_loss += rules.penalty * tf.reduce_mean((slope - 1) ** 2)
        elif rules.loss == "least-squares":
            d_loss = tf.reduce_mean((real_logits - 1) ** 2) / 2 + tf.reduce_mean(fake_logits**2) / 2
            g_loss = tf.reduce_mean((fake_logits - 1) ** 2) / 2
        else:
            real, mistaken = tf.sigmoid(real_logits), tf.sigmoid(fake_logits)
            d_loss = -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - mistaken))
            minimax = rules.loss == "minimax"
            g_loss = tf.reduce_mean(tf.math.log(1 - mistaken) if minimax else -tf.math.log(mistaken))
    return d_loss, g_loss, tape


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_turn_reports_the_loss_defined_in_the_papers_and_its_gradient(
    game: GanGame, loss: str, player: str
) -> None:
    game.rules = rules = Rules(loss=loss, penalty=PENALTIES[loss])
    d_loss, g_loss, tape = _losses_of_the_papers(game, rules)
    model = getattr(game, player)
    expected = d_loss if player == "discriminator" else g_loss
    gradients = tape.gradient(expected, [variable.value for variable in model.trainable_variables])

    turn = game.turn(player)

    assert turn["before"] == pytest.approx(float(expected), rel=1e-4)
    assert turn["after"] < turn["before"]
    layers = [np.sqrt(float(tf.norm(k)) ** 2 + float(tf.norm(b)) ** 2) for k, b in _pairs(gradients)]
    np.testing.assert_allclose(turn["gradients"], layers, rtol=2e-3)


def test_a_turn_updates_only_its_player_by_the_first_step_of_adam(game: GanGame) -> None:
    game.rules = Rules(discriminator_learning_rate=0.01)
    before = [w.numpy() for w in game.discriminator.trainable_variables]
    opponent = [w.numpy() for w in game.generator.trainable_variables]
    turn = game.turn("discriminator")

    moved = [w.numpy() - b for w, b in zip(game.discriminator.trainable_variables, before, strict=True)]
    assert max(np.abs(m).max() for m in moved) == pytest.approx(0.01, rel=1e-2)
    layers = [np.sqrt((k**2).sum() + (b**2).sum()) for k, b in _pairs(moved)]
    np.testing.assert_allclose(turn["updates"], layers, rtol=1e-4)
    for w, b in zip(game.generator.trainable_variables, opponent, strict=True):
        np.testing.assert_array_equal(w.numpy(), b)


def test_the_discriminator_is_evaluated_without_changing_any_weight(game: GanGame) -> None:
    batch, start = game.batch(), game.state()
    output = game.discriminator_output()

    np.testing.assert_allclose(output.real_logits, game.discriminator(batch.real)[:, 0], rtol=1e-5)
    np.testing.assert_allclose(output.fake, game.generator(batch.noise[0]), rtol=1e-5)
    total = float(tf.reduce_mean(output.real_losses) + tf.reduce_mean(output.fake_losses))
    assert float(output.discriminator_loss) == pytest.approx(total + float(output.penalty), rel=1e-5)
    for before, after in zip(start[0], game.state()[0], strict=True):
        np.testing.assert_array_equal(before, after)


def test_r1_is_half_the_squared_gradient_norm_at_real_samples(game: GanGame) -> None:
    game.rules = Rules(penalty=3.0)
    batch = game.batch()
    with tf.GradientTape() as tape:
        tape.watch(batch.real)
        logits = game.discriminator(batch.real)
    squared = tf.reduce_sum(tape.gradient(logits, batch.real) ** 2, axis=1)

    assert float(game.discriminator_output().penalty) == pytest.approx(
        1.5 * float(tf.reduce_mean(squared)), rel=1e-4
    )


def test_logit_gradients_are_taken_with_respect_to_the_samples(game: GanGame) -> None:
    batch = game.batch()
    fake = game.generator(batch.noise[0])
    for found, samples in zip(game.logit_gradients(), (batch.real, fake), strict=True):
        with tf.GradientTape() as tape:
            tape.watch(samples)
            logits = game.discriminator(samples)
        np.testing.assert_allclose(found, tape.gradient(logits, samples), rtol=1e-4, atol=1e-6)


def test_each_turn_of_a_round_has_a_new_batch(game: GanGame) -> None:
    game.rules = Rules(discriminator_turns=2, generator_turns=1)
    start = game.state()
    game.play(2)
    played = game.state()
    game.restore(start)
    for _ in range(2):
        for player in ("discriminator", "discriminator", "generator"):
            game.draw()
            game.turn(player)

    assert played[1] == game.turns == {"discriminator": 4, "generator": 2}
    for together, alone in zip(played[0], game.state()[0], strict=True):
        np.testing.assert_allclose(together, alone, rtol=1e-3, atol=1e-5)


def test_a_player_without_turns_does_not_change(game: GanGame) -> None:
    game.rules = Rules(generator_turns=0)
    before = [w.numpy() for w in game.generator.trainable_variables]
    game.play(3)

    for w, b in zip(game.generator.trainable_variables, before, strict=True):
        np.testing.assert_array_equal(w.numpy(), b)


def test_weights_that_are_not_finite_end_the_game_with_an_error(game: GanGame) -> None:
    game.generator.trainable_variables[0].assign(np.full((2, 64), np.nan, np.float32))

    with pytest.raises(LabError) as refused:
        game.play(1)
    assert refused.value.message.key == "lab.players_lost"


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": "hope"},
        {"discriminator_turns": 11},
        {"generator_turns": -1},
        {"generator_turns": 1.5},
        {"discriminator_learning_rate": 0.0},
        {"generator_learning_rate": float("nan")},
        {"penalty": -1.0},
    ],
)
def test_rules_out_of_range_are_refused(wrong: dict) -> None:
    with pytest.raises(ConfigError):
        replace(Rules(), **wrong)


def _pairs(values: list) -> list[tuple]:
    """Return the kernel and the bias of each layer."""
    return list(zip(values[::2], values[1::2], strict=True))
