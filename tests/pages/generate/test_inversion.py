from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.bundles.bundle import open_bundle
from core.contract.subjects import SUBJECTS
from core.images.encode import from_pixels, png
from core.inference.generator import Generator
from core.language import gettext
from core.latent.inversion import FoundLatent
from core.latent.latent_links import from_code, to_code
from core.latent.variation import root_mean_square
from core.messages import Message, message
from core.runs import Run
from pages.parts.generate import inversion
from pages.parts.shared import model_picker
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown, pictures
from tests.pictures import blank_paper, photograph

NOISE = np.random.default_rng(0).integers(0, 256, (48, 48, 3), np.uint8)


def test_a_point_in_the_link_is_drawn_and_varied_to_the_same_pixels(open_page: OpenPage) -> None:
    point = to_code(model_picker.generator(model_picker.choices("gan")[0]).latent(1, 8)[0])
    first, second = (
        pictures(open_page("generate", part="closest", point=point, **{"as": "6"})) for _ in range(2)
    )

    assert len(first) == 2  # the image and its variations
    assert first == second


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"point": to_code(np.zeros(16, np.float32))}, message("latent.other_size", count=16, size=64)),
        ({"point": "no point"}, message("latent.damaged_point")),
        ({"point": to_code(np.zeros(64, np.float32)), "as": "12"}, message("pages.class_in_link")),
    ],
)
def test_a_bad_point_in_the_link_shows_one_error(
    open_page: OpenPage, query: dict[str, str], wrong: Message
) -> None:
    at = open_page("generate", part="closest", **query)

    assert [error.value for error in at.error] == [as_shown(wrong)]
    assert not pictures(at)


def _redrawn(open_page: OpenPage, content: bytes) -> AppTest:
    at = open_page("generate", part="closest")
    at.button_group(key="closest way").set_value("upload").run()
    at.file_uploader[0].upload("digit.png", content)
    return at.run()


def test_an_uploaded_digit_is_redrawn_and_the_link_keeps_the_point(open_page: OpenPage) -> None:
    at = _redrawn(open_page, photograph(4))

    assert not at.exception
    assert not at.error
    assert len(pictures(at)) == 4  # the picture, the closest image, the difference and variations
    assert at.query_params["as"] in ("4", ["4"])
    assert "point" in at.query_params


def test_a_picture_without_ink_shows_one_error(open_page: OpenPage) -> None:
    at = _redrawn(open_page, blank_paper())

    assert not at.exception
    assert len(at.error) == 1


def test_a_portrait_is_redrawn_and_a_picture_of_something_else_gets_one_sentence(
    open_page: OpenPage, avatars: Run
) -> None:
    at = open_page("generate", model=avatars.id, part="closest")
    at.file_uploader[0].upload("noise.png", png(from_pixels(NOISE)))
    at.run()
    assert not at.exception
    assert [info.value for info in at.info] == [gettext(SUBJECTS["avatar"].unlike)]
    assert len(pictures(at)) == 4

    generator = Generator(open_bundle(avatars.bundle))
    portrait = generator.draw(np.array([2]), generator.latent(1, 5))[0]
    at.file_uploader[0].upload("portrait.png", png(from_pixels(portrait)))
    at.run()
    assert not at.info
    label, point = (np.ravel(at.query_params[key])[0] for key in ("as", "point"))
    redrawn = generator.draw(np.array([int(label)]), from_code(point, generator.latent_size)[None])[0]
    assert root_mean_square(portrait, redrawn) < 8  # the portrait was searched for as it is


def test_a_stopped_search_keeps_its_best_image_and_can_continue(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = inversion.invert

    def interrupted(*asked: Any) -> Iterator[FoundLatent]:
        yield next(whole(*asked))
        st.stop()  # what Streamlit does to a run when a button is pressed

    monkeypatch.setattr(inversion, "invert", interrupted)
    at = _redrawn(open_page, photograph(4)).run()

    assert not at.exception
    assert len(at.warning) == 1
    assert len(pictures(at)) == 4
    assert at.button(key="closest continue")
