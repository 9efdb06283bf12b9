from __future__ import annotations

import numpy as np
import pytest

from pages.parts.shared import model_picker
from tests.pages.conftest import OpenPage
from tests.pages.generate.conftest import Drawn
from tests.pages.looks import panels


def test_a_grid_is_drawn_without_a_click_and_can_be_downloaded(open_page: OpenPage) -> None:
    at = open_page("generate", model="dcgan")

    assert len(panels(at)) == 1
    assert [button.key for button in at.get("download_button")] == [
        *("download png", "download zip", "download npz")
    ]


def test_the_grid_draws_the_chosen_count_seed_and_classes(open_page: OpenPage, drawn: Drawn) -> None:
    at = open_page("generate", sound="0")  # as the generator draws them, broken images too
    at.number_input(key="count").set_value(7)
    at.number_input(key="seed").set_value(3)
    at.button_group(key="classes").set_value([8, 2]).run()

    labels, latent = drawn[-1]
    assert not at.exception
    assert labels == [2, 8, 2, 8, 2, 8, 2]
    np.testing.assert_array_equal(latent, model_picker.generator(model_picker.choices("gan")[0]).latent(7, 3))


def test_the_seed_alone_decides_which_images_are_drawn(open_page: OpenPage) -> None:
    at = open_page("generate", model="dcgan")
    seen = []
    for seed in (1, 2, 1):
        at.number_input(key="seed").set_value(seed).run()
        seen.extend(panels(at).values())

    assert seen[0] == seen[2] != seen[1]


def test_without_a_class_the_grid_shows_a_hint(open_page: OpenPage) -> None:
    at = open_page("generate", model="dcgan")

    at.button_group(key="classes").set_value([]).run()

    assert not at.exception
    assert len(at.info) == 1
    assert not panels(at)


def test_a_link_sets_count_seed_and_classes(open_page: OpenPage, drawn: Drawn) -> None:
    at = open_page("generate", count="3", seed="5", classes="4")

    assert not at.exception
    labels, latent = drawn[-1]
    assert labels == [4, 4, 4]
    np.testing.assert_array_equal(latent, model_picker.generator(model_picker.choices("gan")[0]).latent(3, 5))


@pytest.mark.parametrize("image", ["10", "-1", "x", "9" * 5000])
def test_a_link_to_an_image_beyond_the_grid_shows_a_note_and_the_grid(
    open_page: OpenPage, image: str
) -> None:
    at = open_page("generate", count="10", image=image)

    assert len(at.info) == 1
    assert len(at.info[0].value) < 150
    assert "image" not in at.query_params
    assert panels(at)


def test_a_link_of_an_earlier_version_holds_classes_by_their_names(open_page: OpenPage) -> None:
    at = open_page("generate", model="fashion_dcgan", classes="Trouser")

    assert not at.exception
    assert at.button_group(key="classes").value == [1]
    assert at.query_params["classes"] == "1"


def test_broken_images_are_left_out_unless_the_link_was_made_before_that_was_possible(
    open_page: OpenPage,
) -> None:
    new, old, linked = (
        open_page("generate", model="dcgan", **query)
        for query in ({}, {"seed": "0"}, {"seed": "0", "sound": "1"})
    )

    assert [at.toggle(key="sound").value for at in (new, old, linked)] == [True, False, True]
    assert panels(new) == panels(linked) != panels(old)
