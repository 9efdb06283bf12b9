from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.bundles.bundle import PRETRAINED
from core.contract.config import GanConfig
from core.contract.events import Snapshot
from core.inference.generator import Generator
from core.latent import inversion
from core.latent.latent_links import to_code
from core.runs import RunStore
from pages.parts.shared import model_picker
from tests.pages.conftest import OpenPage
from tests.pages.looks import links, panels, pictures, words
from tests.pictures import blank_paper, photograph

Drawn = list[tuple[list[int], np.ndarray]]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """What the generator was asked for, call by call: classes and latent points."""
    asked: Drawn = []
    draw = Generator.draw

    def spy(self: Generator, labels: np.ndarray, latent: np.ndarray) -> np.ndarray:
        asked.append((list(labels), latent))
        return draw(self, labels, latent)

    monkeypatch.setattr(Generator, "draw", spy)
    return asked


def test_a_sheet_is_drawn_without_a_click_and_can_be_downloaded(open_page: OpenPage) -> None:
    at = open_page("generate")

    assert list(panels(at)) == ["50 images drawn by the generator, seed 0"]
    assert [button.label[-3:] for button in at.get("download_button")] == ["PNG", "ZIP", "NPZ"]


def test_count_seed_and_classes_are_what_is_drawn(open_page: OpenPage, drawn: Drawn) -> None:
    at = open_page("generate")
    at.number_input(key="count").set_value(7)
    at.number_input(key="seed").set_value(3)
    at.button_group(key="classes").set_value([8, 2]).run()

    labels, latent = drawn[-1]
    assert not at.exception
    assert labels == [2, 8, 2, 8, 2, 8, 2]
    np.testing.assert_array_equal(latent, model_picker.generator(model_picker.choices("gan")[0]).latent(7, 3))
    assert list(panels(at)) == ["7 images drawn by the generator, seed 3"]


def test_the_same_seed_draws_the_same_and_another_another(open_page: OpenPage) -> None:
    at = open_page("generate")
    seen = []
    for seed in (1, 2, 1):
        at.number_input(key="seed").set_value(seed).run()
        seen.extend(panels(at).values())

    assert seen[0] == seen[2] != seen[1]


def test_surprise_me_changes_the_seed(open_page: OpenPage) -> None:
    at = open_page("generate")
    before = panels(at)

    next(button for button in at.button if button.label == "Surprise me").click().run()

    assert not at.exception
    assert at.number_input(key="seed").value != 0
    assert panels(at) != before


def test_no_class_chosen_is_a_hint(open_page: OpenPage) -> None:
    at = open_page("generate")

    at.button_group(key="classes").set_value([]).run()

    assert not at.exception
    assert "Choose at least one class" in at.info[0].value
    assert not panels(at)


def test_a_link_brings_count_and_seed(open_page: OpenPage) -> None:
    at = open_page("generate", count="12", seed="5")

    assert list(panels(at)) == ["12 images drawn by the generator, seed 5"]


@pytest.mark.parametrize("query", [{"count": "-3"}, {"count": "1e9"}, {"seed": "x"}, {"seed": "-1"}])
def test_a_link_with_a_bad_number_draws_all_the_same(open_page: OpenPage, query: dict[str, str]) -> None:
    assert panels(open_page("generate", **query))


def test_without_a_generator_the_page_leads_to_training(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["cnn", "lstm"])

    at = open_page("generate")

    assert "No generator" in at.info[0].value
    assert "train" in links(at)
    assert not panels(at)


@pytest.mark.parametrize("part", ["Write it", "Travel", "Map", "Directions"])
def test_every_part_draws_and_can_be_downloaded(open_page: OpenPage, part: str) -> None:
    at = open_page("generate", part=part)

    assert not at.exception
    assert not at.error
    assert pictures(at)
    assert at.get("download_button")


def test_a_link_brings_a_place_of_the_map_to_the_same_pixels(open_page: OpenPage) -> None:
    shown = [pictures(open_page("generate", part="Map", x=x, y="-1")) for x in ("2.5", "2.5", "2.6")]

    assert list(shown[0]) == ["Every class at 2.5 east, -1 north"]
    assert shown[0] == shown[1] != shown[2]


@pytest.mark.parametrize("text", ["20a6", "1" * 10_000])
def test_what_cannot_be_written_is_one_sentence_and_the_controls_stay(open_page: OpenPage, text: str) -> None:
    at = open_page("generate", part="Write it")

    at.text_input(key="text").set_value(text).run()

    assert not at.exception
    assert len(at.error) == 1
    assert at.number_input(key="seed").value == 0


def test_a_smaller_scale_draws_nearer_to_the_middle(open_page: OpenPage, drawn: Drawn) -> None:
    open_page("generate", scale="0.5")
    open_page("generate")

    near, usual = (latent for _, latent in drawn if len(latent) == 50)  # Home draws single images
    np.testing.assert_allclose(near, usual * 0.5)


@pytest.mark.parametrize(
    "query", [{"part": "x"}, {"scale": "9"}, {"part": "Map", "x": "1e9"}, {"part": "Travel", "from": "x"}]
)
def test_a_link_with_a_bad_value_draws_all_the_same(open_page: OpenPage, query: dict[str, str]) -> None:
    at = open_page("generate", **query)

    assert not at.exception
    assert pictures(at) or panels(at)


# closer


def test_a_link_opens_an_image_with_what_others_say_of_it(open_page: OpenPage) -> None:
    shown = [open_page("generate", count="10", image="3") for _ in range(2)]

    assert not shown[0].exception
    assert "The discriminator" in words(shown[0])
    assert "Deep CNN" in words(shown[0])
    larger = [pictures(at)["Image 3 of seed 0, larger"] for at in shown]
    assert larger[0] == larger[1]


@pytest.mark.parametrize("image", ["10", "-1", "x", "9" * 5000])
def test_an_image_that_is_not_on_the_sheet_is_said_and_the_sheet_stays(
    open_page: OpenPage, image: str
) -> None:
    at = open_page("generate", count="10", image=image)

    assert at.info[0].value == "The image in this link is none of the 10 of this sheet."
    assert panels(at)


def test_an_open_image_leads_to_its_axes(open_page: OpenPage) -> None:
    at = open_page("generate", count="10", seed="4", image="7")

    next(button for button in at.button if button.label == "Turn its axes").click().run()

    assert not at.exception
    assert (at.selectbox(key="base").value, at.number_input(key="place").value) == ("7", 7)
    before, after = (pictures(at)[name] for name in ("The image as it was", "The image, turned"))
    assert before != after  # one is larger
    at.slider(key="axis1").set_value(2.0).run()
    assert pictures(at)["The image, turned"] != after


def test_a_generator_that_is_not_here_is_said_and_another_draws(open_page: OpenPage) -> None:
    at = open_page("generate", model="gone*" + "x" * 5000)

    assert "is not here; another draws instead" in at.info[0].value
    assert len(at.info[0].value) < 150
    assert panels(at)


# closest


def test_a_point_in_the_link_is_drawn_and_varied_to_the_same_pixels(open_page: OpenPage) -> None:
    point = to_code(model_picker.generator(model_picker.choices("gan")[0]).latent(1, 8)[0])
    shown = [pictures(open_page("generate", part="Closest", point=point, **{"as": "6"})) for _ in range(2)]

    assert {"The closest image", "20 variations, seed 0"} <= set(shown[0])
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"point": to_code(np.zeros(16, np.float32))}, "has 16 numbers, but this generator takes 64"),
        ({"point": "no point"}, "damaged or cut short"),
        ({"point": to_code(np.zeros(64, np.float32)), "as": "12"}, "is none of this generator's"),
    ],
)
def test_a_bad_point_in_the_link_is_one_sentence(
    open_page: OpenPage, query: dict[str, str], sentence: str
) -> None:
    at = open_page("generate", part="Closest", **query)

    assert len(at.error) == 1
    assert sentence in at.error[0].value.replace("\\", "")


def _redrawn(open_page: OpenPage, content: bytes) -> AppTest:
    at = open_page("generate", part="Closest")
    at.button_group(key="closest way").set_value("Upload").run()
    at.file_uploader[0].upload("digit.png", content)
    return at.run()


def test_an_uploaded_digit_is_redrawn_and_the_link_keeps_the_point(open_page: OpenPage) -> None:
    at = _redrawn(open_page, photograph(4))

    assert not at.exception
    assert not at.error
    assert {"Your picture", "The closest image", "The difference"} <= set(pictures(at))
    assert at.query_params["as"] in ("4", ["4"])


def test_a_picture_without_ink_is_one_sentence(open_page: OpenPage) -> None:
    at = _redrawn(open_page, blank_paper())

    assert not at.exception
    assert len(at.error) == 1


def test_a_search_that_was_stopped_keeps_the_best_so_far_and_can_go_on(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = inversion.invert

    def interrupted(*asked: Any) -> Iterator[inversion.Found]:
        yield next(whole(*asked))
        st.stop()  # what Streamlit does to a run when a button is pressed

    monkeypatch.setattr(inversion, "invert", interrupted)
    at = _redrawn(open_page, photograph(4)).run()

    assert not at.exception
    assert at.warning[0].value == "The search was stopped; below is the best that it had found."
    assert "The closest image" in pictures(at)
    assert any(button.label == "Search on" for button in at.button)


# the game


def test_ten_answers_end_the_game_with_the_score(open_page: OpenPage) -> None:
    at = open_page("generate", part="Real or made?", seed="3")
    for _ in range(10):
        at.button(key="game 0").click().run()
        next(button for button in at.button if button.label == "Next").click().run()

    assert not at.exception
    you = at.metric[0]
    assert you.label == "You"
    assert at.subheader[0].value == f"{you.value.split(' /')[0]} of 10 right"
    next(button for button in at.button if button.label == "Play again").click().run()
    assert at.metric[0].value == "0 / 0"


# through training


def test_a_finished_generator_has_no_earlier_states_and_says_how_to_get_some(open_page: OpenPage) -> None:
    at = open_page("generate", part="Through training")

    assert "were not kept" in at.info[0].value
    assert "train" in links(at)


def test_a_run_shows_the_steps_that_it_kept_at_the_same_seed(open_page: OpenPage, store: RunStore) -> None:
    run = store.create(GanConfig(dataset="mnist"))
    shutil.copytree(PRETRAINED / "dcgan", run.bundle)
    run.record.append(Snapshot(80, (run.bundle / "model.tflite").read_bytes()))

    at = open_page("generate", part="Through training", model=run.id)

    assert not at.exception
    shown = pictures(at)
    assert set(shown) == {"Drawn at step 80", "Drawn at finished"}
    assert shown["Drawn at step 80"] == shown["Drawn at finished"]  # here it is the same generator
