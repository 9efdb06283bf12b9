from __future__ import annotations

import pytest

from core.images.corruption_kinds import KINDS
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, numbers, pictures, words


def test_a_click_on_a_kind_shows_it_spoilt_with_the_answers(open_page: OpenPage) -> None:
    at = open_page("remedies")

    assert set(charts(at)) == {"corruption matrix", "errors by strength"}
    before = pictures(at)
    at.selectbox("kind").set_value(KINDS[9].name).run()
    assert not at.error
    after = pictures(at)
    assert len(after) == 10  # a picture of each class
    assert all(after[alt] != before[alt] for alt in after)


def test_the_ensemble_is_that_of_the_chosen_networks(open_page: OpenPage) -> None:
    at = open_page("remedies", part="doubt")

    assert len(charts(at)["reliability"]["data"]) == 5  # three networks, all together, calibrated
    at.button_group("members mnist").set_value(["cnn"]).run()
    assert len(charts(at)["reliability"]["data"]) == 4
    assert not at.error


@pytest.mark.parametrize(
    ("part", "shown"),
    [("corruptions", "corruption matrix"), ("doubt", "coverage"), ("compression", "accuracy over size")],
)
def test_every_measured_part_is_shown_for_clothes_too(open_page: OpenPage, part: str, shown: str) -> None:
    at = open_page("remedies", part=part, dataset="fashion_mnist")

    assert not at.error
    assert shown in charts(at)
    assert "--dataset fashion_mnist" in words(at)


def test_a_map_and_neighbours_are_shown_for_every_layer(open_page: OpenPage) -> None:
    at = open_page("remedies", part="features")

    assert not at.error
    layers = charts(at)["neighbour accuracy"]["data"][0]["x"]
    assert len([key for key in charts(at) if key.startswith("map of")]) == len(layers)
    assert len(pictures(at)) == 1 + len(layers) + 1  # the visitor's, neighbours, and a unit's


def test_measured_explanations_follow_the_chosen_network(open_page: OpenPage) -> None:
    at = open_page("remedies", part="explanations")

    assert len(charts(at)["measured curves"]["data"]) == 4
    at.selectbox("explained network").set_value("lstm").run()
    assert len(charts(at)["measured curves"]["data"]) == 3  # it has no class activation map
    assert not at.error


def test_measured_attacks_follow_the_chosen_network_and_method(open_page: OpenPage) -> None:
    at = open_page("remedies", part="attacks")

    first = charts(at)["measured attacks"]["data"]
    at.selectbox("measured source").set_value("lstm").run()
    assert charts(at)["measured attacks"]["data"] != first
    assert not at.error
    assert numbers(words(at))
