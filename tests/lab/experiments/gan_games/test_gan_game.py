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

    shares = tf.random.stateless_uniform([16, 1], tf.stack([number, 2]))
    return Batch(normal(0, 16, 2), [normal(1, 16, 2)], [], shares)


@pytest.fixture(scope="module")
def shared() -> tuple[GanGame, tuple]:
    contest = GanGame(players(), _draw, Rules())
    return contest, contest.state()


@pytest.fixture
def contest(shared: tuple[GanGame, tuple]) -> GanGame:
    """Return the game at its start; it is built only once, since its compilation is slow."""
    contest, start = shared
    contest.rules = Rules()
    contest.restore(start)
    return contest


def _losses_of_the_papers(contest: GanGame, rules: Rules) -> tuple[tf.Tensor, tf.Tensor, tf.GradientTape]:
    """Return both losses of the current batch by the papers' formulas, and the tape that recorded them."""
    batch = contest.batch()
    with tf.GradientTape(persistent=True) as tape:
        fake = contest.generator(batch.noise[0])
        real_logits, fake_logits = contest.discriminator(batch.real), contest.discriminator(fake)
        if rules.loss == "wasserstein":
            d_loss = tf.reduce_mean(fake_logits) - tf.reduce_mean(real_logits)
            g_loss = -tf.reduce_mean(fake_logits)
            between = batch.shares * batch.real + (1 - batch.shares) * fake
            with tf.GradientTape() as inner:
                inner.watch(between)
                logits = contest.discriminator(between)
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
def test_a_turn_reports_the_loss_of_the_papers_and_its_gradient(
    contest: GanGame, loss: str, player: str
) -> None:
    contest.rules = rules = Rules(loss=loss, penalty=PENALTIES[loss])
    d_loss, g_loss, tape = _losses_of_the_papers(contest, rules)
    model = getattr(contest, player)
    expected = d_loss if player == "discriminator" else g_loss
    slopes = tape.gradient(expected, [variable.value for variable in model.trainable_variables])

    told = contest.turn(player)

    assert told["before"] == pytest.approx(float(expected), rel=1e-4)
    assert told["after"] < told["before"]
    layers = [np.sqrt(float(tf.norm(k)) ** 2 + float(tf.norm(b)) ** 2) for k, b in _pairs(slopes)]
    np.testing.assert_allclose(told["gradients"], layers, rtol=2e-3)


def test_a_turn_moves_only_its_player_by_the_first_step_of_adam(contest: GanGame) -> None:
    contest.rules = Rules(discriminator_learning_rate=0.01)
    before = [w.numpy() for w in contest.discriminator.trainable_variables]
    opponent = [w.numpy() for w in contest.generator.trainable_variables]
    told = contest.turn("discriminator")

    moved = [w.numpy() - b for w, b in zip(contest.discriminator.trainable_variables, before, strict=True)]
    assert max(np.abs(m).max() for m in moved) == pytest.approx(0.01, rel=1e-2)
    layers = [np.sqrt((k**2).sum() + (b**2).sum()) for k, b in _pairs(moved)]
    np.testing.assert_allclose(told["moves"], layers, rtol=1e-4)
    for w, b in zip(contest.generator.trainable_variables, opponent, strict=True):
        np.testing.assert_array_equal(w.numpy(), b)


def test_a_verdict_is_the_output_of_the_discriminator_and_changes_nothing(contest: GanGame) -> None:
    batch, start = contest.batch(), contest.state()
    output = contest.discriminator_output()

    np.testing.assert_allclose(output.real_logits, contest.discriminator(batch.real)[:, 0], rtol=1e-5)
    np.testing.assert_allclose(output.fake, contest.generator(batch.noise[0]), rtol=1e-5)
    total = float(tf.reduce_mean(output.real_losses) + tf.reduce_mean(output.fake_losses))
    assert float(output.discriminator_loss) == pytest.approx(total + float(output.penalty), rel=1e-5)
    for before, after in zip(start[0], contest.state()[0], strict=True):
        np.testing.assert_array_equal(before, after)


def test_r1_is_half_the_squared_gradient_norm_at_real_samples(contest: GanGame) -> None:
    contest.rules = Rules(penalty=3.0)
    batch = contest.batch()
    with tf.GradientTape() as tape:
        tape.watch(batch.real)
        logits = contest.discriminator(batch.real)
    squared = tf.reduce_sum(tape.gradient(logits, batch.real) ** 2, axis=1)

    assert float(contest.discriminator_output().penalty) == pytest.approx(
        1.5 * float(tf.reduce_mean(squared)), rel=1e-4
    )


def test_slopes_are_the_gradients_of_the_logits_by_the_samples(contest: GanGame) -> None:
    batch = contest.batch()
    fake = contest.generator(batch.noise[0])
    for found, samples in zip(contest.slopes(), (batch.real, fake), strict=True):
        with tf.GradientTape() as tape:
            tape.watch(samples)
            logits = contest.discriminator(samples)
        np.testing.assert_allclose(found, tape.gradient(logits, samples), rtol=1e-4, atol=1e-6)


def test_each_turn_of_a_round_has_a_new_batch(contest: GanGame) -> None:
    contest.rules = Rules(discriminator_turns=2, generator_turns=1)
    start = contest.state()
    contest.play(2)
    played = contest.state()
    contest.restore(start)
    for _ in range(2):
        for player in ("discriminator", "discriminator", "generator"):
            contest.draw()
            contest.turn(player)

    assert played[1] == contest.turns == {"discriminator": 4, "generator": 2}
    for together, alone in zip(played[0], contest.state()[0], strict=True):
        np.testing.assert_allclose(together, alone, rtol=1e-3, atol=1e-5)


def test_a_player_without_turns_does_not_change(contest: GanGame) -> None:
    contest.rules = Rules(generator_turns=0)
    before = [w.numpy() for w in contest.generator.trainable_variables]
    contest.play(3)

    for w, b in zip(contest.generator.trainable_variables, before, strict=True):
        np.testing.assert_array_equal(w.numpy(), b)


def test_weights_that_are_not_finite_are_reported_in_one_sentence(contest: GanGame) -> None:
    contest.generator.trainable_variables[0].assign(np.full((2, 64), np.nan, np.float32))

    with pytest.raises(LabError) as refused:
        contest.play(1)
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
