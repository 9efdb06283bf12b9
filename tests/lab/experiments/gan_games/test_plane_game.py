from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from core.errors import LabError
from core.gan_games import point_sets
from core.gan_games.rules import PENALTIES, Rules
from core.lab.experiments.gan_games.plane_game import ARROWS, FIELD, LINES, PlaneGameExperiment

RULES = Rules(discriminator_learning_rate=0.002)


@pytest.fixture(scope="module")
def built() -> PlaneGameExperiment:
    return PlaneGameExperiment(lambda text, share: None)


@pytest.fixture
def plane(built: PlaneGameExperiment) -> Iterator[PlaneGameExperiment]:
    """Yield the game at the start of the eight Gaussians; built only once, since compilation is slow."""
    built.begin("ring8")
    return built


def test_the_same_seed_gives_the_same_start_and_another_seed_a_different_one(
    plane: PlaneGameExperiment,
) -> None:
    first, other = plane.begin("ring8"), plane.begin("ring8", seed=1)
    plane.play(3, RULES)

    np.testing.assert_array_equal(plane.begin("ring8")["fake"], first["fake"])
    assert np.abs(other["fake"] - first["fake"]).max() > 0.01


def test_frames_show_the_outputs_of_the_players(plane: PlaneGameExperiment) -> None:
    frame = plane.play(5, RULES)
    generator, discriminator = plane.game.generator, plane.game.discriminator
    corners = np.array([[-1, -1], [1, -1], [-1, 1]], np.float32)  # of the noise: the grid's first, last, top

    grid, field = frame["grid"], frame["field"]
    np.testing.assert_allclose([grid[0, 0], grid[0, -1], grid[-1, 0]], generator(corners), atol=1e-5)
    middle = point_sets.HALF_WIDTH * (1 - 1 / FIELD)  # of the outermost cells
    lower_right = discriminator(np.array([[middle, -middle]], np.float32))
    assert grid.shape == (LINES, LINES, 2)
    assert field[0, -1] == pytest.approx(float(lower_right[0, 0]), abs=1e-5)


@pytest.mark.parametrize("loss", PENALTIES)
def test_arrows_point_where_the_loss_of_the_generator_falls(plane: PlaneGameExperiment, loss: str) -> None:
    frame = plane.play(5, replace(RULES, loss=loss))
    fakes = tf.constant(frame["fake"][:ARROWS])
    with tf.GradientTape() as tape:
        tape.watch(fakes)
        logits = plane.game.discriminator(fakes)
        losses = {
            "minimax": tf.math.log(1 - tf.sigmoid(logits)),
            "non-saturating": -tf.math.log(tf.sigmoid(logits)),
            "least-squares": (logits - 1) ** 2 / 2,
            "wasserstein": -logits,
        }[loss]

    np.testing.assert_allclose(frame["arrows"], -tape.gradient(losses, fakes), rtol=1e-3, atol=1e-6)


def test_the_generator_learns_to_draw_the_points(plane: PlaneGameExperiment) -> None:
    before = plane.frame()
    after = plane.play(600, Rules(discriminator_learning_rate=0.005))

    assert before["good"] < 0.1
    assert after["good"] > 0.3
    assert after["covered"] == 8
    assert after["turns"] == {"discriminator": 600, "generator": 600}


def test_all_games_of_a_race_have_the_same_initial_weights_and_batches(plane: PlaneGameExperiment) -> None:
    start = plane.begin_race("ring8")
    raced = plane.race(4, RULES)
    plane.begin("ring8")
    alone = plane.play(4, replace(RULES, loss="least-squares"))

    for frame in start.values():
        np.testing.assert_array_equal(frame["fake"], start["minimax"]["fake"])
    np.testing.assert_allclose(raced["least-squares"]["fake"], alone["fake"], atol=1e-5)
    assert {frame["rounds"] for frame in raced.values()} == {4}


def test_a_race_continues_after_the_weights_of_one_game_are_lost(plane: PlaneGameExperiment) -> None:
    weights, turns, rounds = plane.competitors["minimax"]
    plane.competitors["minimax"] = ([np.full_like(weights[0], np.nan), *weights[1:]], turns, rounds)

    raced = plane.race(1, RULES)
    assert raced["minimax"]["lost"].key == "lab.players_lost"
    assert raced["wasserstein"]["rounds"] == 1


def test_the_generator_learns_from_a_drawn_set(plane: PlaneGameExperiment) -> None:
    cells = np.zeros((32, 32), bool)
    cells[16, 20:30] = True
    plane.begin("", drawing=point_sets.to_code(cells))
    before = np.abs(plane.frame()["fake"][:, 0]).mean()
    after = plane.play(200, RULES)

    assert after["modes"] == 3  # squares of four cells
    assert after["fake"][:, 0].mean() > before  # the drawing lies to the right


def test_an_unknown_set_is_refused(plane: PlaneGameExperiment) -> None:
    with pytest.raises(LabError) as refused:
        plane.begin("spiral")
    assert refused.value.message.key == "gan_games.unknown_points"
