from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.figures import comparison, training
from core.figures.curves import POINTS, extremes, reduced, smoothed
from core.figures.theme import COLOURS
from core.figures.training import VALIDATION
from core.language import gettext
from tests.figures.checked import checked

overlay = checked(comparison.overlay)
accuracy_chart = checked(training.accuracy_chart)
class_accuracy = checked(training.class_accuracy)
discriminator_chart = checked(training.discriminator_chart)
gan_loss_chart = checked(training.gan_loss_chart)
loss_chart = checked(training.loss_chart)
norms_chart = checked(training.norms_chart)
rate_chart = checked(training.rate_chart)
sample_classes_chart = checked(training.sample_classes_chart)
speed_chart = checked(training.speed_chart)

NUMBERS = st.lists(st.floats(-1e6, 1e6), max_size=60)
LOSS = list(np.linspace(2.3, 0.1, 1000))
EPOCHS = [(500, 1.0), (1000, 0.2)]


def names(figure) -> list[str]:
    return [trace.name for trace in figure.data if trace.name]


def trace(figure, name: str):
    return next(trace for trace in figure.data if trace.name == name)


# fewer points


@given(NUMBERS, st.integers(1, 40))
def test_a_reduced_curve_keeps_its_mean_when_all_stretches_have_the_same_length(values, points):
    whole = values * points  # a multiple of the points, so that every stretch has as many steps
    steps, means = reduced(whole, points)
    assert len(steps) == len(means) == min(len(whole), points)
    assert np.mean(means) == pytest.approx(np.mean(whole), abs=1e-3) if whole else len(means) == 0


@pytest.mark.parametrize("count", [401, 799, 800, 12_345])
def test_a_curve_of_any_length_has_at_most_400_points_each_the_mean_of_its_stretch(count):
    y = np.random.default_rng(0).normal(size=count)
    steps, means = reduced(y)
    assert len(steps) == len(means) == POINTS == 400
    edges = np.linspace(0, count, 401).astype(int)
    for i in (0, 1, 200, 399):
        assert means[i] == pytest.approx(y[edges[i] : edges[i + 1]].mean())
        assert steps[i] == pytest.approx(np.arange(edges[i] + 1, edges[i + 1] + 1).mean())


@pytest.mark.parametrize("count", [401, 12_345, 100_000])
def test_the_raw_curve_keeps_its_peaks_at_any_length(count):
    y = np.random.default_rng(0).normal(size=count)
    y[count // 3], y[-1] = 99.0, -99.0
    steps, values = extremes(y)
    assert len(steps) <= POINTS
    assert (values.max(), values.min()) == (99.0, -99.0)
    assert np.array_equal(values, y[steps - 1])
    assert (np.diff(steps) >= 0).all()


def test_a_short_curve_is_drawn_step_by_step_from_step_1():
    steps, values = reduced([3.0, 2.0, 1.0])
    assert (steps.tolist(), values.tolist()) == ([1, 2, 3], [3.0, 2.0, 1.0])


def test_a_curve_without_steps_has_no_points():
    assert [len(part) for part in reduced([])] == [0, 0]


# smoothing


def tensorboard(values: list[float], weight: float) -> list[float]:
    """Return the weighted mean of all values so far, with weights 1, w, w² … from the newest on."""
    return [np.average(values[: i + 1], weights=weight ** np.arange(i, -1, -1.0)) for i in range(len(values))]


@given(NUMBERS, st.floats(0.01, 0.99))
def test_smoothing_is_the_weighted_mean_of_all_values_so_far(values, weight):
    assert smoothed(values, weight) == pytest.approx(tensorboard(values, weight), rel=1e-6, abs=1e-4)


def test_no_smoothing_changes_nothing():
    assert smoothed([3.0, 1.0, 2.0], 0.0).tolist() == [3.0, 1.0, 2.0]


def test_smoothing_does_not_change_a_constant():
    assert smoothed([0.7] * 50, 0.95) == pytest.approx([0.7] * 50)


# charts


@pytest.mark.parametrize(
    ("figure", "y_title"),
    [
        (loss_chart(LOSS, EPOCHS, "cnn"), "Cross-entropy loss (nats)"),
        (accuracy_chart(LOSS, EPOCHS, "rnn"), "Accuracy (%)"),
        (gan_loss_chart(LOSS, LOSS), "Loss (nats)"),
        (discriminator_chart(LOSS, LOSS), "Probability of being real (0 to 1)"),
        (rate_chart({"Learning rate": LOSS}, "cnn"), "Learning rate"),
        (speed_chart([10, 20], [900.0, 950.0], "rnn"), "Images per second"),
        (norms_chart([10, 20], {"conv1": [1.0, 2.0]}, "weights"), "Norm of the weights"),
    ],
    ids=["loss", "accuracy", "gan loss", "discriminator", "rate", "speed", "norms"],
)
def test_axes_have_titles_with_their_units(figure, y_title):
    assert figure.layout.xaxis.title.text == "Step"
    assert " ".join(figure.layout.yaxis.title.text.split()) == y_title


@pytest.mark.parametrize("family", ["cnn", "rnn"])
def test_the_loss_chart_draws_the_recorded_losses(family):
    figure = loss_chart([2.0, 1.0, 0.5], [(3, 0.6)], family, smoothing=0.0)
    assert names(figure) == ["Training", gettext(VALIDATION)]
    training, validation = figure.data
    assert (list(training.x), list(training.y)) == ([1, 2, 3], [2.0, 1.0, 0.5])
    assert (list(validation.x), list(validation.y)) == ([3], [0.6])
    assert training.line.color == COLOURS[family]


def test_the_accuracy_chart_is_in_per_cent():
    figure = accuracy_chart([0.1, 0.5], [(2, 0.45)], "cnn", smoothing=0.0)
    assert list(trace(figure, "Training").y) == [10.0, 50.0]
    assert list(trace(figure, gettext(VALIDATION)).y) == [45.0]


def test_a_smoothed_curve_lies_over_the_raw_one():
    figure = loss_chart([2.0, 1.0, 3.0], [], "cnn", smoothing=0.5)
    raw, smooth = figure.data
    assert list(raw.y) == [2.0, 1.0, 3.0]
    assert list(smooth.y) == pytest.approx(smoothed([2.0, 1.0, 3.0], 0.5))
    assert raw.showlegend is False


def test_validation_is_drawn_only_when_there_was_one():
    assert names(loss_chart([2.0], [], "cnn")) == ["Training"]


@pytest.mark.parametrize(
    ("chart", "players"),
    [
        (gan_loss_chart, ["Generator", "Discriminator"]),
        (discriminator_chart, ["D(x): real images", "D(G(z)): generated images"]),
    ],
)
def test_two_curves_differ_in_both_dash_and_colour(chart, players):
    figure = chart([0.5, 0.6], [0.4, 0.3])
    assert sorted(names(figure)) == sorted(players)
    lines = [trace(figure, player).line for player in players]
    assert len({line.color for line in lines}) == len({line.dash for line in lines}) == 2


def test_each_curve_has_the_numbers_of_its_player():
    losses = gan_loss_chart([1.0], [9.0])
    assert trace(losses, "Discriminator").y[0] == pytest.approx(1.0)
    assert trace(losses, "Generator").y[0] == pytest.approx(9.0)
    probabilities = discriminator_chart([0.8], [0.2])
    assert trace(probabilities, "D(x): real images").y[0] == pytest.approx(0.8)
    assert trace(probabilities, "D(G(z)): generated images").y[0] == pytest.approx(0.2)


def test_a_training_that_has_not_begun_also_has_charts():
    for figure in (
        loss_chart([], [], "cnn"),
        accuracy_chart([], [], "rnn"),
        gan_loss_chart([], []),
        speed_chart([], [], "cnn"),
        norms_chart([], {}, "weights"),
        overlay({"a": (np.zeros(0), np.zeros(0))}, "loss", True),
    ):
        assert all(len(trace.x) == 0 for trace in figure.data)


def test_the_accuracy_of_a_class_is_the_diagonal_s_share_of_its_row_or_none_without_images():
    bar = class_accuracy(np.array([[3, 1, 0], [0, 2, 0], [0, 0, 0]]), ["a", "b", "c"], "cnn").data[0]
    assert list(bar.x) == [75.0, 100.0, 0.0]
    assert list(bar.y) == ["a ", "b ", "c "]


def test_the_chart_of_sample_classes_separates_images_of_the_requested_class_from_others():
    figure = sample_classes_chart([30, 10], [25, 10], ["a", "b"])
    assert list(trace(figure, "As asked").y) == [25, 10]
    assert list(trace(figure, "Asked for another class").y) == [5, 0]
    assert names(sample_classes_chart([30, 10], None, ["a", "b"])) == ["Read"]
