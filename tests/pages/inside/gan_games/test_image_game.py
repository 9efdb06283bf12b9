from __future__ import annotations

import json
import re

import numpy as np
from streamlit.testing.v1 import AppTest

from core.datasets import registry
from core.language import gettext
from core.runs import Run
from pages.parts.inside.gan_games.image_game import FAKE_ALT, FAKE_GRADIENT_ALT, REAL_GRADIENT_ALT
from pages.parts.inside.picture_choice import EXAMPLE, example
from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import PART, STARTS, Canned, started
from tests.pages.inside.reading import equations, press


def test_the_discriminator_sees_the_visitors_picture_too(open_page: OpenPage, canned: list[Canned]) -> None:
    at = started(open_page, "images")
    told = next(arguments for method, arguments in canned[0].asked if method == "show_picture")
    assert told["label"] == EXAMPLE
    np.testing.assert_allclose(told["image"][..., 0], example(EXAMPLE) / 255, atol=1e-6)
    assert re.search(r"D\(x\) 0.50", equations(at))

    at.selectbox(key="inside label").set_value("5").run()
    assert re.search(r"D\(x\) 0.88", equations(at))


def test_a_game_can_start_with_a_trained_generator(open_page: OpenPage, canned: list[Canned]) -> None:
    at = open_page("inside", **PART, contest="images")
    at.selectbox(key="inside begin").set_value("dcgan").run()
    press(at, STARTS["images"])

    assert canned[0].options["dataset"] == "mnist"
    assert canned[0].options["bundle"].endswith("dcgan")


def test_a_turn_changes_the_fakes_and_shows_the_gradients(open_page: OpenPage, canned: list[Canned]) -> None:
    at = started(open_page, "images")
    before = _shown(at)
    at = press(at, "game train_both")

    after = _shown(at)
    fake = gettext(FAKE_ALT, number=1)
    assert after[fake] != before[fake]
    assert {gettext(alt, number=8) for alt in (FAKE_GRADIENT_ALT, REAL_GRADIENT_ALT)} <= set(after)


def _shown(at: AppTest) -> dict[str, str]:
    """Return the addresses of the samples that are visible at this stage, by alternative text."""
    html = "".join(element.proto.body for element in at.get("html"))
    return {alt: source for source, alt in re.findall(r'<img src="([^"]*)" alt="([^"]*)"', html)}


def test_a_generator_in_colour_can_be_taken_apart(
    open_page: OpenPage, canned: list[Canned], avatars: Run
) -> None:
    card = json.loads((avatars.bundle / "card.json").read_text())
    (avatars.bundle / "card.json").write_text(json.dumps({**card, "dataset": "avatars64"}))
    at = open_page("inside", **PART, contest="images", begin=avatars.id)
    assert at.selectbox(key="inside label").options == card["classes"]
    press(at, STARTS["images"])

    assert canned[0].options == {"dataset": "avatars", "bundle": str(avatars.bundle)}, "the one that is here"
    told = next(arguments for method, arguments in canned[0].asked if method == "show_picture")
    assert told["image"].shape == registry.describe("avatars").shape


def test_a_picture_is_made_as_small_as_the_real_images(open_page: OpenPage, canned: list[Canned]) -> None:
    started(open_page, "images", images="pixel_faces")

    told = next(arguments for method, arguments in canned[0].asked if method == "show_picture")
    assert told["image"].shape == (16, 16, 3)
    assert told["image"].max() > 0.5
