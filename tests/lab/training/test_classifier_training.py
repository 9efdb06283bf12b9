from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.contract.config import ClassifierConfig
from core.contract.evaluation import softmax
from core.contract.events import Answers, ClassifierSteps, EpochEnd, Event, Finished, Started
from core.contract.learning_rates import RateChange
from core.datasets.dataset import Dataset
from core.datasets.synthetic.outliers import outliers
from core.lab.training import classifier_training
from core.lab.training.classifier_training import ClassifierTraining
from core.messages import message

pytestmark = pytest.mark.usefixtures("small_deep")

TINY = ClassifierConfig(architecture="deep", epochs=6, batch_size=16, learning_rate=0.01, seed=2)


@pytest.fixture(scope="module")
def tiny(stripes) -> list[Event]:
    """Return all events of a training on stripes."""
    return list(ClassifierTraining(TINY, stripes))


def of(kind: type, events: list[Event]) -> list:
    return [event for event in events if isinstance(event, kind)]


def by_step(events: list[Event], name: str) -> list[float]:
    return [value for event in of(ClassifierSteps, events) for value in getattr(event, name)]


def validation_places(seed: int, images: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(images)[:count]


# early ends


def ended(stripes: Dataset, monkeypatch, losses: list[float], **conditions: float) -> list[Event]:
    """Return a training's events for these validation losses, one per epoch, and accuracies 1 − loss."""
    evaluate, told = classifier_training.evaluate, iter([*losses, *[9.0] * 9])

    def scripted(logits: np.ndarray, labels: np.ndarray) -> object:
        loss = next(told)
        return dataclasses.replace(evaluate(logits, labels), loss=loss, accuracy=max(0.0, 1 - loss))

    monkeypatch.setattr(classifier_training, "evaluate", scripted)
    config = ClassifierConfig(architecture="deep", epochs=8, batch_size=66, **conditions)
    return list(ClassifierTraining(config, stripes))


def test_training_ends_when_the_validation_loss_has_not_fallen_for_some_epochs(stripes, monkeypatch):
    events = ended(stripes, monkeypatch, [0.9, 0.5, 0.6, 0.4, 0.4, 0.7], patience=2)
    assert [end.epoch for end in of(EpochEnd, events)] == [1, 2, 3, 4, 5, 6]
    assert events[-1].reason == message("lab.no_progress", epochs=2)
    assert not events[-1].stopped


def test_training_ends_when_the_wanted_accuracy_is_reached(stripes, monkeypatch):
    events = ended(stripes, monkeypatch, [0.9, 0.2, 0.1], target_accuracy=0.8)
    assert [end.epoch for end in of(EpochEnd, events)] == [1, 2]
    assert events[-1].reason == message("lab.target_reached", percent=80)
    assert (events[-1].step, events[-1].stopped) == (4, False)


def test_training_ends_when_its_time_is_over(stripes):
    training = ClassifierTraining(dataclasses.replace(TINY, time_limit=100.0), stripes)
    training.seconds = 99.9999
    events = list(training)
    assert events[-1].reason == message("lab.time_is_up", seconds=100)
    assert 0 < events[-1].step < training.total_steps


def test_a_chunk_ends_where_a_pause_or_another_learning_rate_begins(stripes, tiny):
    training = ClassifierTraining(TINY, stripes)
    training.steer(1, (RateChange(5, 0.5),))
    ends, factors = [], []
    for event in training:
        if isinstance(event, ClassifierSteps):
            ends.append(event.step)
            factors += event.learning_rate
            training.steer({1: 2, 2: 3}.get(event.step), training.rates)
    assert {1, 2, 3, 5} <= set(ends)
    whole = by_step(tiny, "learning_rate")
    np.testing.assert_allclose(np.divide(factors, whole), [1] * 5 + [0.5] * 43, rtol=1e-6)


# events


def test_events_come_in_order(tiny):
    assert isinstance(tiny[0], Started)
    assert isinstance(tiny[-1], Finished)
    assert {type(event) for event in tiny[1:-1]} == {ClassifierSteps, Answers, EpochEnd}
    steps = [event.step for event in tiny[1:]]
    assert steps == sorted(steps)


def test_every_epoch_ends_with_a_validation(tiny):
    ends = of(EpochEnd, tiny)
    assert [end.epoch for end in ends] == [1, 2, 3, 4, 5, 6]
    assert [end.step for end in ends] == [8 * epoch for epoch in range(1, 7)]
    for end in ends:
        steps, answers = tiny[tiny.index(end) - 2 : tiny.index(end)]
        assert isinstance(steps, ClassifierSteps)
        assert isinstance(answers, Answers)
        assert steps.step == answers.step == end.step


def test_the_started_event_has_the_numbers_of_images_and_steps(tiny, stripes):
    model = ClassifierTraining(TINY, stripes).model
    assert tiny[0] == Started(
        parameters=model.count_params(),
        train_images=132,  # a twelfth of 144 is held out
        validation_images=12,
        steps_per_epoch=8,
        total_steps=48,
    )


@pytest.mark.parametrize("name", ["loss", "accuracy", "learning_rate"])
def test_there_is_one_number_for_each_step(tiny, name):
    assert len(by_step(tiny, name)) == tiny[0].total_steps == 48
    last = 0
    for event in of(ClassifierSteps, tiny):
        assert len(getattr(event, name)) == event.step - last
        last = event.step


def test_figures_are_plain_finite_numbers(tiny):
    for name in ("loss", "accuracy", "learning_rate"):
        values = by_step(tiny, name)
        assert all(type(value) is float for value in values)
        assert np.isfinite(values).all()
    assert 0 <= min(by_step(tiny, "accuracy")) <= max(by_step(tiny, "accuracy")) <= 1
    assert all(event.images_per_second > 0 for event in of(ClassifierSteps, tiny))


def test_seconds_never_go_back(tiny):
    seconds = [event.seconds for event in tiny[1:] if not isinstance(event, Answers)]
    assert seconds == sorted(seconds)


def test_the_learning_rate_follows_the_one_cycle_schedule(tiny):
    rates = by_step(tiny, "learning_rate")
    assert rates[0] == pytest.approx(TINY.learning_rate / 25)
    assert max(rates) == pytest.approx(TINY.learning_rate, rel=0.01)
    assert rates[-1] == pytest.approx(TINY.learning_rate * 1e-4, rel=0.01)


# learning


def test_a_small_network_learns_to_tell_stripes_apart(tiny):
    assert np.mean(by_step(tiny, "loss")[-8:]) < np.mean(by_step(tiny, "loss")[:4]) / 2
    assert np.mean(by_step(tiny, "accuracy")[-8:]) > 0.9


def test_the_tutorials_network_learns_drawn_digits(trained_cnn):
    assert trained_cnn.events[-1].metrics["test_accuracy"] > 0.7  # chance is 0.1
    assert of(EpochEnd, trained_cnn.events)[-1].validation_accuracy > 0.7


def test_the_first_loss_is_that_of_keras_for_the_same_images_and_weights(trained_cnn, rendered):
    config = trained_cnn.training.config
    model = ClassifierTraining(config, rendered).model  # the same seed draws the same weights
    chosen = np.random.default_rng(config.seed).permutation(600)[50:]
    order = np.random.default_rng((config.seed, 0)).permutation(550)[:32]
    images, labels = rendered.x_train[chosen[order]], rendered.y_train[chosen[order]]
    expected = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, model(images / 255))
    assert by_step(trained_cnn.events, "loss")[0] == pytest.approx(float(expected), rel=1e-4)


def test_the_loss_of_smoothed_labels_is_that_of_keras(stripes):
    training = ClassifierTraining(dataclasses.replace(TINY, label_smoothing=0.2), stripes)
    logits = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    labels = np.arange(20, dtype=np.int32) % 3
    reference = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2)
    expected = reference(np.eye(3, dtype=np.float32)[labels], logits)
    assert float(training.loss(logits, labels)) == pytest.approx(float(expected), rel=1e-5)


# pictures of no class


@pytest.fixture
def with_outliers(stripes, monkeypatch) -> ClassifierTraining:
    monkeypatch.setattr(classifier_training, "DRAWINGS", 60)
    return ClassifierTraining(dataclasses.replace(TINY, outliers=0.5, epochs=20), stripes)


def test_outliers_follow_the_same_number_of_class_images_in_a_batch(with_outliers, stripes):
    images, labels = with_outliers.batch(tf.constant(3))
    plain, known = ClassifierTraining(TINY, stripes).batch(tf.constant(3))
    assert np.array_equal(images[:16], plain)
    assert labels.numpy().tolist() == known.numpy().tolist() + [classifier_training.NO_CLASS] * 8


def test_the_loss_of_an_outlier_is_the_cross_entropy_with_equal_classes(with_outliers):
    logits = np.float32([[3, 1, -2]])
    expected = keras.losses.CategoricalCrossentropy(from_logits=True)(np.full((1, 3), 1 / 3), logits)
    assert float(with_outliers.loss(logits, np.int32([classifier_training.NO_CLASS]))) == pytest.approx(
        float(expected)
    )


def test_a_network_trained_with_outliers_gives_them_lower_probabilities_than_its_classes(
    with_outliers, stripes
):
    assert list(with_outliers)[-1].metrics["test_accuracy"] > 0.9
    known = softmax(with_outliers.logits(stripes.x_test)).max(axis=1)
    unknown = softmax(with_outliers.logits(outliers(stripes.x_train, 60, 99))).max(axis=1)
    assert np.median(unknown) < np.median(known) - 0.2


# training images and seeds


def test_losses_depend_on_the_seed_and_not_on_validation_or_test_images(tiny, stripes):
    """Replace those images: the losses would differ if one of them were ever trained on."""
    held_out = validation_places(TINY.seed, 144, 12)
    x_train = stripes.x_train.copy()
    x_train[held_out] = 255 - x_train[held_out]
    altered = dataclasses.replace(stripes, x_train=x_train, x_test=255 - stripes.x_test)
    events = list(ClassifierTraining(TINY, altered))
    assert by_step(events, "loss") == by_step(tiny, "loss")
    assert of(EpochEnd, events)[-1].validation_loss != of(EpochEnd, tiny)[-1].validation_loss
    assert events[-1].metrics != tiny[-1].metrics


def test_another_seed_gives_different_losses(tiny, stripes):
    training = ClassifierTraining(dataclasses.replace(TINY, seed=3), stripes)
    loss, _, _ = training.train_step(*training.batch(tf.constant(0)))
    assert float(loss) != pytest.approx(by_step(tiny, "loss")[0], rel=1e-3)


def test_the_confusion_matrix_at_the_end_is_that_of_the_test_set(tiny, stripes):
    confusion = np.array(tiny[-1].confusion)
    assert confusion.sum(axis=1).tolist() == np.bincount(stripes.y_test).tolist()
    assert np.trace(confusion) / 60 == pytest.approx(tiny[-1].metrics["test_accuracy"])


def test_each_validation_and_the_test_come_with_images_behind_every_cell(tiny, stripes):
    told = of(Answers, tiny)
    assert [(a.epoch, a.split) for a in told] == [*((e, "validation") for e in range(1, 7)), (6, "test")]
    for answers in told:
        cells = np.zeros((3, 3), int)
        np.add.at(cells, (answers.images.labels, answers.images.predicted), 1)
        assert np.array_equal(cells, np.minimum(answers.confusion, 40))
    for image, label in zip(told[-1].images.images, told[-1].images.labels, strict=True):
        same = (stripes.x_test == image).all(axis=(1, 2, 3))
        assert stripes.y_test[same].tolist() == [label]


def test_each_chunk_reports_the_norms_of_the_layers_at_its_end(stripes):
    training = ClassifierTraining(dataclasses.replace(TINY, epochs=1), stripes)
    for event in training:
        if isinstance(event, ClassifierSteps):
            assert list(event.weight_norms) == list(event.gradient_norms)
            assert all(0 < norm < 100 for norm in event.gradient_norms.values())
            weights = [np.ravel(v) for v in training.learner.get_layer("logits").trainable_variables]
            assert event.weight_norms["logits"] == pytest.approx(
                np.linalg.norm(np.concatenate(weights)), rel=1e-5
            )


def test_the_metrics_at_the_end_are_those_of_the_published_model(trained_cnn, rendered):
    model, metrics = trained_cnn.training.model, trained_cnn.events[-1].metrics
    logits = model.predict(rendered.x_test / 255, batch_size=500, verbose=0)
    assert np.mean(logits.argmax(axis=1) == rendered.y_test) == pytest.approx(
        metrics["test_accuracy"], abs=1e-3
    )
    expected = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(rendered.y_test, logits)
    assert metrics["test_loss"] == pytest.approx(float(expected), rel=1e-3)
    assert trained_cnn.training.metrics == metrics


# stops


class Watched:
    """The stripes, with a count of the reads of their test images."""

    def __init__(self, data: Dataset) -> None:
        self.info, self.x_train, self.y_train, self.y_test = (
            data.info,
            data.x_train,
            data.y_train,
            data.y_test,
        )
        self.looks = 0
        self._x_test = data.x_test

    @property
    def x_test(self) -> np.ndarray:
        self.looks += 1
        return self._x_test


@pytest.fixture(scope="module")
def stopped(stripes) -> list[tuple[Event, int]]:
    """Stop a training at its second validation; return its events with the reads of the test set so far."""
    data = Watched(stripes)
    training = ClassifierTraining(TINY, data)
    told: list[tuple[Event, int]] = []
    for event in training:
        told.append((event, data.looks))
        if isinstance(event, EpochEnd) and event.epoch == 2:
            training.stop()
    return told


def test_a_stop_ends_the_training_after_the_chunk_under_way(stopped):
    assert [type(event) for event, _ in stopped[-3:]] == [EpochEnd, Answers, Finished]
    end = stopped[-1][0]
    assert (end.step, end.stopped) == (16, True)
    assert 0 <= end.metrics["test_accuracy"] <= 1


def test_the_test_set_is_read_once_and_only_at_the_end(stopped):
    assert [looks for _, looks in stopped] == [0] * (len(stopped) - 2) + [1, 1]


def test_a_training_that_ran_to_its_end_is_not_marked_as_stopped(tiny):
    assert not tiny[-1].stopped
    assert tiny[-1].step == 48


def test_a_batch_larger_than_the_data_holds_all_images(stripes):
    training = ClassifierTraining(dataclasses.replace(TINY, batch_size=4096), stripes)
    assert (training.steps_per_epoch, training.total_steps) == (1, 6)
