from __future__ import annotations

import numpy as np
import pytest

from core.inference.generator import Generator
from pages.parts import models
from tests.pages.conftest import OpenPage
from tests.pages.looks import links, panels, pictures

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
    np.testing.assert_array_equal(latent, models.generator(models.choices("gan")[0]).latent(7, 3))
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
    monkeypatch.setattr(models, "pretrained_names", lambda: ["cnn", "lstm"])

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
