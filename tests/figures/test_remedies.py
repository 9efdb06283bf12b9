from __future__ import annotations

import numpy as np

from core.figures import remedies
from core.language import percent
from tests.figures.checked import checked


def test_errors_are_squares_in_per_cent() -> None:
    figure = checked(remedies.error_matrix)(np.array([[0.1, 0.925]]), ["fog"], ["a", "b"])

    assert list(figure.data[0].customdata) == [10.0, 92.5]
    assert [*figure.data[0].text, *figure.data[1].text] == ["", "92", "10", ""]


def test_each_network_has_a_line_over_the_strengths() -> None:
    figure = checked(remedies.error_over_strength)({"a": [0.0, 0.1], "b": [0.0, 0.4]}, [0, 1])

    assert [trace.name for trace in figure.data] == ["a", "b"]
    np.testing.assert_allclose(figure.data[1].y, [0, 40])


def test_the_reliability_diagram_has_a_line_where_networks_would_be_calibrated() -> None:
    bins = {"a": (np.array([0.6, 0.9998]), np.array([0.5, 1.0]), np.array([4, 6]))}

    network, calibrated = checked(remedies.reliability_diagram)(bins).data

    np.testing.assert_allclose(network.y, [50, 100])
    assert list(calibrated.x) == list(calibrated.y)
    assert list(network.customdata) == [percent(0.6), percent(1.0)], "a probability is never exactly 1"


def test_accuracy_is_drawn_over_the_share_that_is_answered() -> None:
    figure = checked(remedies.accuracy_over_coverage)({"a": np.array([1.0, 0.99])}, np.array([0.5, 1.0]))

    np.testing.assert_allclose(figure.data[0].x, [50, 100])
    np.testing.assert_allclose(figure.data[0].y, [100, 99])


def test_pixels_vanish_or_appear_along_the_axis() -> None:
    figure = checked(remedies.pixel_share_curves)({"a": [1.0, 0.5, 0.0]}, is_deletion=True)

    np.testing.assert_allclose(figure.data[0].x, [0, 50, 100])
    np.testing.assert_allclose(figure.data[0].y, [100, 50, 0])


def test_attacks_are_drawn_over_their_levels() -> None:
    figure = checked(remedies.accuracy_over_attack)({"a": (1.0, 0.5)}, (0, 8))

    assert list(figure.data[0].x) == [0, 8]
    np.testing.assert_allclose(figure.data[0].y, [100, 50])


def test_every_network_is_a_point_over_its_kilobytes_at_the_height_of_its_errors() -> None:
    groups = {"a": [(200.0, 0.99, "second"), (100.0, 0.98, "first"), (300.0, 1.0, "without errors")]}

    figure = checked(remedies.accuracy_over_size)(groups)

    assert list(figure.data[0].x) == [100, 200, 300]
    np.testing.assert_allclose(figure.data[0].y, [2, 1, remedies.ERRORS[0]])
    assert [text.rpartition(", ")[2] for text in figure.data[0].text] == ["98.00%", "99.00%", "100.00%"]


def test_every_remedy_is_a_point_at_its_mean_with_a_bar_over_its_seeds() -> None:
    (points,) = checked(remedies.accuracy_by_remedy)({"a": [0.5, 0.75, 1.0], "b": [0.25]}).data

    np.testing.assert_allclose(points.x, [75, 25])
    np.testing.assert_allclose(points.error_x.array, [25, 0])
    np.testing.assert_allclose(points.error_x.arrayminus, [25, 0])


def test_every_layer_has_a_bar_and_every_class_a_sign() -> None:
    bars = checked(remedies.neighbour_bars)({"Pixels": 0.9, "logits": 1.0})
    signs = checked(remedies.class_map)(
        np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([1, 0]), ["a", "b"], legend=True
    )

    np.testing.assert_allclose(bars.data[0].y, [90, 100])
    assert [list(trace.x) for trace in signs.data] == [[1.0], [0.0]]
    assert len({trace.marker.symbol for trace in signs.data}) == 2
