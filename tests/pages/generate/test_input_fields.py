from __future__ import annotations

import numpy as np
import pytest

from tests.pages.conftest import OpenPage
from tests.pages.generate.conftest import Drawn
from tests.pages.looks import panels, pictures


def test_the_button_for_a_random_seed_changes_the_seed(open_page: OpenPage) -> None:
    at = open_page("generate", model="dcgan")
    before = panels(at)

    at.button(key="seed surprise").click().run()

    assert not at.exception
    assert at.number_input(key="seed").value != 0
    assert panels(at) != before


def test_a_smaller_scale_draws_nearer_to_the_centre(open_page: OpenPage, drawn: Drawn) -> None:
    open_page("generate", model="dcgan", scale="0.5")
    open_page("generate", model="dcgan")

    near, usual = (latent for _, latent in drawn if len(latent) == 50)  # Home draws single images
    np.testing.assert_allclose(near, usual * 0.5)


@pytest.mark.parametrize(("text", "index"), [("7", 7), ("x", 3), ("-1", 3)])
def test_a_link_holds_a_class_by_its_index(open_page: OpenPage, text: str, index: int) -> None:
    at = open_page("generate", part="directions", base=text)

    assert not at.exception
    assert at.selectbox(key="base").value == index


def test_a_link_of_an_earlier_version_holds_a_class_by_its_name(open_page: OpenPage) -> None:
    at = open_page("generate", model="fashion_dcgan", part="directions", base="Ankle boot")

    assert not at.exception
    assert at.selectbox(key="base").value == 9
    assert at.query_params["base"] == "9"


@pytest.mark.parametrize(
    "query",
    [
        {"part": "x"},
        {"scale": "9"},
        {"count": "-3"},
        {"count": "1e9"},
        {"seed": "x"},
        {"seed": "-1"},
        {"classes": "12"},
        {"part": "map", "x": "1e9"},
        {"part": "travel", "from": "x"},
    ],
)
def test_a_bad_value_in_a_link_is_replaced_by_the_default(open_page: OpenPage, query: dict[str, str]) -> None:
    at = open_page("generate", **query)

    assert not at.exception
    assert pictures(at) or panels(at)
