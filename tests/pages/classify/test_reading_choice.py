from __future__ import annotations

import numpy as np
from PIL import Image

from core.bundles.bundle import pretrained
from core.images.picture_kind import CLOTHING, DIGIT, THING
from core.inference.generator import Generator
from core.inference.word_classifier import WordClassifier
from pages.parts.classify.reading_choice import KEY
from pages.parts.shared import model_picker
from pages.parts.shared.error_messages import escape_markdown
from tests.images.test_picture_kind import scenery
from tests.pages.classify.visits import chart_of_answers, readings, upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures
from tests.pictures import encoded, photograph


def titles(kind: str) -> list[str]:
    return [c.title for c in model_picker.choices("cnn", "rnn", "backbone") if c.subject == kind]


def test_a_photograph_is_read_by_the_network_that_knows_a_thousand_things(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("scenery.png", scenery(1)))

    assert list(readings(at)) == [escape_markdown(pretrained("efficientnet_lite0").card.title)]
    words = WordClassifier(pretrained("efficientnet_lite0")).card.classes
    (bars,) = chart_of_answers(at)["data"]
    assert {name.strip() for name in bars["y"]} <= set(words)
    assert len(bars["y"]) == 5


def test_one_click_reads_a_photograph_as_digits_and_another_finds_out_again(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("scenery.png", scenery(1)))

    at.button(key=f"read as {DIGIT}").click().run()

    assert not at.exception
    assert at.session_state[KEY] == DIGIT
    assert escape_markdown(pretrained("efficientnet_lite0").card.title) not in readings(at)


def test_clothes_are_read_by_the_network_of_clothes_without_looking_for_digits(open_page: OpenPage) -> None:
    generator = Generator(pretrained("fashion_dcgan"))
    image = generator.draw(np.array([0]), generator.latent(1, 3))[0, ..., 0]

    at = upload(open_page("classify"), ("shirt.png", encoded(Image.fromarray(image))))

    assert len(at.metric) == 1
    assert at.metric[0].value in map(escape_markdown, pretrained("fashion_cnn").card.classes)
    assert len(pictures(at)) == 1, "the whole picture as the network gets it, and no digits found on it"


def test_digits_are_read_as_before_and_can_be_read_as_clothes(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(7)))
    assert set(readings(at).values()) == {"7"}

    at.button_group(key=KEY).set_value(CLOTHING).run()

    assert not at.exception
    assert len(at.metric) == 1
    at.button_group(key=KEY).set_value(THING).run()
    assert list(readings(at)) == [escape_markdown(pretrained("efficientnet_lite0").card.title)]
