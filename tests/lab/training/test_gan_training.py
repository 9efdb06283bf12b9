from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from core.contract.config import GanConfig
from core.contract.events import Event, Finished, GanSteps, SamplePredictions, Samples, Snapshot, Started
from core.lab.training import gan_training
from core.lab.training.gan_training import R1_INTERVAL, GanTraining
from core.lab.training.sample_evaluation import SampleClassifier

pytestmark = pytest.mark.usefixtures("small_dcgan")

TINY = GanConfig(epochs=3, batch_size=16, latent_size=8, seed=2, weight_average=0.9)
FIGURES = ("discriminator_loss", "generator_loss", "d_real", "d_fake")


@dataclasses.dataclass(frozen=True)
class Ended:
    training: GanTraining
    events: list[Event]


@pytest.fixture(scope="module", autouse=True)
def _no_grids_by_the_clock() -> Iterator[None]:
    """Draw no grid because of the time that has passed, which depends on what else the machine does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gan_training, "SOON", 1e9)
        patch.setattr(gan_training, "LATER", 1e9)
        yield


@pytest.fixture(scope="module")
def tiny(stripes) -> Ended:
    """Train a DCGAN on stripes for 27 steps and return all its events, with a snapshot at step 18."""
    training = GanTraining(TINY, stripes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gan_training, "FIRST_SNAPSHOT", 18)
        return Ended(training, list(training))


def fixed_inputs() -> tuple[np.ndarray, np.ndarray]:
    """Return the noise and the labels from which every grid is drawn."""
    latent = np.random.default_rng(TINY.seed).standard_normal((24, 8), np.float32)
    return latent, np.tile(np.arange(3, dtype=np.int32), 8)


class BrightestRows:
    """A classifier of stripes."""

    card = SimpleNamespace(title="Brightest rows", classes=("top", "middle", "bottom"), refuse_below=0.0)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        light = np.stack([images[:, 3 * k : 3 * k + 2].mean(axis=(1, 2, 3)) for k in range(3)], axis=1)
        return light / np.maximum(light.sum(axis=1, keepdims=True), 1e-6)


@pytest.fixture(scope="module")
def plain(stripes) -> Ended:
    """Train the GAN of 2014 for one epoch, without gradient penalty but with a classifier of its samples."""
    config = dataclasses.replace(TINY, architecture="goodfellow2014", epochs=1, r1_weight=0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gan_training, "find_classifier", lambda info: SampleClassifier(BrightestRows()))
        training = GanTraining(config, stripes)
    return Ended(training, list(training))


def of(kind: type, events: list[Event]) -> list:
    return [event for event in events if isinstance(event, kind)]


def by_step(events: list[Event], name: str) -> list[float]:
    return [value for event in of(GanSteps, events) for value in getattr(event, name)]


def softplus(x: np.ndarray) -> np.ndarray:
    return np.log1p(np.exp(x))


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


# events


def test_events_come_in_order(tiny):
    assert isinstance(tiny.events[0], Started)
    assert isinstance(tiny.events[1], Samples)
    assert isinstance(tiny.events[-1], Finished)
    assert {type(event) for event in tiny.events[2:-1]} == {GanSteps, Samples, Snapshot}
    steps = [event.step for event in tiny.events[1:]]
    assert steps == sorted(steps)


def test_the_started_event_has_the_numbers_of_images_and_steps(tiny):
    parameters = tiny.training.model.count_params() + tiny.training.discriminator.count_params()
    assert tiny.events[0] == Started(parameters, 144, 0, 9, 27)


@pytest.mark.parametrize("name", FIGURES)
def test_there_is_one_finite_number_for_each_step(tiny, name):
    values = by_step(tiny.events, name)
    assert len(values) == 27
    assert all(type(value) is float for value in values)
    assert np.isfinite(values).all()


def test_the_learning_rates_of_both_players_are_held_and_then_fall(tiny):
    for name in ("generator_learning_rate", "discriminator_learning_rate"):
        rates = by_step(tiny.events, name)
        assert rates[:13] == pytest.approx([0.001] * 13)
        assert rates[13:] == sorted(rates[13:], reverse=True)
        assert rates[-1] < 0.001 / 10


def test_the_norms_of_the_layers_of_both_players_are_reported(tiny):
    last = of(GanSteps, tiny.events)[-1]
    kernel = tiny.training.discriminator.get_layer("conv1_kernel").trainable_variables
    weights = np.concatenate([np.ravel(v) for v in kernel])
    assert last.weight_norms["discriminator/conv1_kernel"] == pytest.approx(np.linalg.norm(weights), rel=1e-5)
    assert all(0 < value < 100 for value in last.gradient_norms.values())
    assert {name.split("/")[0] for name in last.gradient_norms} == {"generator", "discriminator"}


def test_with_a_classifier_each_later_grid_comes_with_predictions(plain):
    told = [event for event in plain.events if isinstance(event, Samples | SamplePredictions)]
    assert [type(event) for event in told] == [Samples, Samples, SamplePredictions]
    assert (told[-1].step, told[-1].samples, told[-1].classifier) == (9, 200, "Brightest rows")
    assert sum(told[-1].seen) + told[-1].unknown == 200
    assert plain.training.event_pending is False


@pytest.mark.parametrize("name", ["d_real", "d_fake"])
def test_mean_probabilities_lie_between_0_and_1(tiny, plain, name):
    for ended in (tiny, plain):
        values = by_step(ended.events, name)
        assert 0 <= min(values) <= max(values) <= 1


def test_a_grid_is_drawn_at_the_start_at_20_steps_and_at_the_end_of_each_epoch(tiny):
    assert [(event.step, event.epoch) for event in of(Samples, tiny.events)] == [
        (0, 0),
        (9, 1),
        (18, 2),
        (20, 2),
        (27, 3),
    ]


def test_later_grids_are_drawn_at_doubling_steps():
    drawn = [0]
    while drawn[-1] < 2000:
        drawn.append(gan_training.next_sample_step(drawn[-1]))
    assert drawn[1:] == [20, 40, 80, 160, 320, 640, 1280, 2560]


def test_between_these_the_clock_draws_grids_often_at_first_and_rarely_in_long_trainings(monkeypatch):
    monkeypatch.setattr(gan_training, "SOON", 2.5)
    monkeypatch.setattr(gan_training, "LATER", 9.0)
    assert [gan_training.sample_pause(seconds) for seconds in (0, 59, 61, 600, 7200)] == [
        2.5,
        2.5,
        9,
        18,
        216,
    ]


def test_a_grid_that_the_clock_asks_for_comes_after_each_chunk_and_without_predictions(stripes, monkeypatch):
    monkeypatch.setattr(gan_training, "SOON", 0.0)
    training = GanTraining(dataclasses.replace(TINY, epochs=1), stripes)
    told = [event for event in training if isinstance(event, GanSteps | Samples)]
    assert len(of(Samples, told)) == 1 + len(of(GanSteps, told))
    assert all(event.columns == 3 for event in of(Samples, told))


def test_grids_are_drawn_from_the_same_noise_eight_of_each_class_in_turn(tiny):
    images = np.asarray(tiny.training.model(fixed_inputs()))
    last = of(Samples, tiny.events)[-1].images
    assert last.dtype == np.uint8
    assert last.shape == (24, 8, 8, 1)
    assert np.abs(last - np.round(255 * images)).max() <= 1


def test_the_images_of_the_generator_change_while_it_learns(tiny):
    first, *_, last = of(Samples, tiny.events)
    assert np.abs(first.images.astype(int) - last.images).mean() > 5


# computations


def test_the_first_losses_are_those_of_the_logistic_formulas(stripes, float32):
    """Compute the non-saturating loss of Goodfellow et al. 2014, section 3, in NumPy."""
    training = GanTraining(dataclasses.replace(TINY, r1_weight=0.0), stripes)
    images, labels = training.batch(tf.constant(0))
    fakes = training.generator([training.noise(tf.constant(0)), labels], training=True)

    def verdict(x: tf.Tensor) -> np.ndarray:
        return np.asarray(training.discriminator([x, labels], training=True))

    real, fake = verdict(images), verdict(fakes)
    (loss, d_real, d_fake), _ = training.discriminator_step(images, fakes, labels)
    assert float(loss) == pytest.approx(softplus(-real).mean() + softplus(fake).mean(), rel=1e-4)
    assert float(d_real) == pytest.approx(sigmoid(real).mean(), rel=1e-4)
    assert float(d_fake) == pytest.approx(sigmoid(fake).mean(), rel=1e-4)
    generator_loss = softplus(-verdict(fakes)).mean()  # by the updated discriminator

    again = GanTraining(dataclasses.replace(TINY, r1_weight=0.0), stripes)
    figures = [float(x) for x in again.train_step(tf.constant(0))[0][:4]]
    assert figures == pytest.approx([float(loss), generator_loss, float(d_real), float(d_fake)], rel=1e-3)


def test_a_batch_is_the_images_of_the_epoch_s_order_with_their_labels(stripes):
    training = GanTraining(TINY, stripes)
    order = np.random.default_rng((TINY.seed, 1)).permutation(144).astype(np.int32)
    training.order.assign(order)
    images, labels = training.batch(tf.constant(9 + 2))  # the third step of the second epoch
    chosen = order[32:48]
    assert np.allclose(images, stripes.x_train[chosen] / 255)
    assert np.array_equal(labels, stripes.y_train[chosen])


def test_the_gradient_penalty_changes_a_linear_discriminator_by_its_formula(stripes):
    """Use D(x) = w·x, whose gradient is w everywhere: R1 is γ/2·|w|² and its own gradient γ·w."""
    training = GanTraining(dataclasses.replace(TINY, r1_weight=0.3), stripes)
    image, label = keras.Input((8, 8, 1)), keras.Input((), dtype="int32")
    logits = keras.layers.Dense(1)(keras.layers.Flatten()(image))
    # Keras before 3.13 refuses an input that is not used.
    logits = keras.layers.Add()([logits, keras.layers.Rescaling(0.0)(keras.layers.Reshape((1,))(label))])
    training.discriminator = keras.Model([image, label], logits)
    training.discriminator_optimizer = keras.optimizers.SGD(0.01)
    weights, bias = training.discriminator.get_weights()
    images, labels = training.batch(tf.constant(0))
    training.penalty_step(images, labels)
    after, bias_after = training.discriminator.get_weights()
    assert np.allclose(after, weights * (1 - 0.01 * 0.3 * R1_INTERVAL), atol=1e-6)
    assert np.array_equal(bias_after, bias)


def test_the_gradient_of_the_penalty_is_that_of_finite_differences(stripes, float32):
    """Use plain descent, where a step changes each weight by the rate times the penalty's gradient."""
    training = GanTraining(dataclasses.replace(TINY, r1_weight=0.3), stripes)
    discriminator = training.discriminator
    images, labels = training.batch(tf.constant(0))

    def penalty() -> float:
        with tf.GradientTape() as tape:
            tape.watch(images)
            verdict = tf.reduce_sum(discriminator([images, labels]))
        slope = tape.gradient(verdict, images).numpy()
        return 0.5 * 0.3 * R1_INTERVAL * (slope**2).sum(axis=(1, 2, 3)).mean()

    weight = discriminator.get_layer("unconditional").trainable_variables[0]
    before = weight.numpy()
    slopes = []
    for sign in (1, -1):
        weight.assign(before + sign * 1e-2 * np.eye(len(before), 1, dtype=np.float32))
        slopes.append(penalty())
    weight.assign(before)
    training.discriminator_optimizer = keras.optimizers.SGD(1.0)
    training.penalty_step(images, labels)
    assert before[0, 0] - weight.numpy()[0, 0] == pytest.approx((slopes[0] - slopes[1]) / 2e-2, rel=1e-2)


def test_the_penalty_is_computed_every_16th_step(tiny, plain):
    assert int(tiny.training.discriminator_optimizer.iterations) == 27 + 2  # at steps 0 and 16
    assert int(tiny.training.generator_optimizer.iterations) == 27
    assert int(plain.training.discriminator_optimizer.iterations) == 9


def test_the_published_generator_is_the_moving_average(tiny):
    published, raw = tiny.training.model.get_weights(), tiny.training.generator.get_weights()
    assert any(not np.allclose(a, b, atol=1e-4) for a, b in zip(published, raw, strict=True))


def test_a_snapshot_in_litert_draws_the_images_of_the_generator_at_its_step(tiny):
    [snapshot] = of(Snapshot, tiny.events)
    [samples] = [event for event in of(Samples, tiny.events) if event.step == snapshot.step]
    latent, labels = fixed_inputs()
    drawn = Interpreter(model_content=snapshot.model).get_signature_runner()(
        latent=latent, label=labels, other=labels, share=np.zeros(24, np.float32)
    )["images"]
    assert snapshot.step == 18
    assert np.abs(255 * drawn - samples.images).max() < 5  # weights of 11 bits


@pytest.mark.parametrize(("step", "kept"), [(0, False), (20, False), (80, True), (160, False), (20480, True)])
def test_snapshots_are_kept_at_steps_that_grow_fourfold(step, kept):
    assert gan_training.is_snapshot_step(step) is kept


# seeds and stops


@pytest.fixture(scope="module")
def stopped(stripes) -> list[Event]:
    """Return the events of the same training, stopped at its first figures."""
    training = GanTraining(TINY, stripes)
    told: list[Event] = []
    for event in training:
        told.append(event)
        if isinstance(event, GanSteps):
            training.stop()
    return told


def test_a_stop_ends_the_training_after_the_chunk_under_way(stopped):
    assert [type(event) for event in stopped] == [Started, Samples, GanSteps, Finished]
    assert (stopped[-1].step, stopped[-1].stopped) == (stopped[-2].step, True)


def test_a_gan_that_ran_to_its_end_is_not_marked_as_stopped(tiny):
    assert (tiny.events[-1].step, tiny.events[-1].stopped) == (27, False)


def test_the_same_seed_gives_the_same_figures(tiny, stopped):
    for name in FIGURES:
        assert by_step(stopped, name) == by_step(tiny.events, name)[: stopped[-1].step]
    assert np.array_equal(stopped[1].images, tiny.events[1].images)


def test_another_seed_gives_different_figures(tiny, stripes):
    training = GanTraining(dataclasses.replace(TINY, seed=3), stripes)
    loss = float(training.train_step(tf.constant(0))[0][0])
    assert loss != pytest.approx(by_step(tiny.events, "discriminator_loss")[0], rel=1e-3)
