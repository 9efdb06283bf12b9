from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.bundles.bundle import pretrained
from core.images.picture_kind import CLOTHING, DIGIT, SIGN, THING
from core.inference.generator import Generator
from core.inference.word_classifier import WordClassifier
from core.language import gettext
from core.runs import Run
from pages.parts.classify.reading_choice import KEY, KNOWN, OTHER
from pages.parts.shared import model_picker, own_runs
from pages.parts.shared.error_messages import escape_markdown
from tests.images.test_picture_kind import scenery
from tests.pages.classify.visits import chart_of_answers, readings, upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures
from tests.pictures import encoded, photograph


def test_a_photograph_is_read_by_the_network_that_knows_a_thousand_things(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("scenery.png", scenery(1)))

    assert list(readings(at)) == [escape_markdown(pretrained("efficientnet_lite0").card.title)]
    words = WordClassifier(pretrained("efficientnet_lite0")).card.classes
    (bars,) = chart_of_answers(at, THING)["data"]
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


def test_the_networks_offered_know_the_kind_that_was_found(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_runs, "runs", lambda: [own_cnn])
    at = open_page("classify")
    assert not _offered(at), "without a picture there is nothing to choose for"
    assert gettext(KNOWN[SIGN]) in at.button_group(key=KEY).options

    upload(at, ("photo.png", photograph(7)))

    known = [c.key for c in model_picker.choices("cnn", "rnn", "backbone") if c.subject == DIGIT]
    assert own_cnn.id in known
    assert _offered(at) == {"classifiers digit": len(known)}

    at.button_group(key=KEY).set_value(CLOTHING).run()
    assert _offered(at) == {}, "a single network needs no choice"
    at.button_group(key=KEY).set_value(THING).run()
    assert _offered(at) == {"classifiers thing": 2}
    assert at.button_group(key="classifiers thing").value == ["efficientnet_lite0"], "it knows most things"
    at.button_group(key="read with").set_value(DIGIT).run()
    assert _offered(at) == {"classifiers digit": len(known)}


def test_a_choice_of_networks_survives_another_kind_of_picture(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(7)))
    at.button_group(key="classifiers digit").set_value(["lstm"]).run()
    at.button_group(key=KEY).set_value(CLOTHING).run()

    at.button_group(key=KEY).set_value(DIGIT).run()

    assert len(at.metric) == 1
    assert at.button_group(key="classifiers digit").value == ["lstm"]


def test_a_network_of_the_visitor_s_own_classes_can_be_chosen_for_pictures_and_drawings(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = json.loads((own_cnn.bundle / "card.json").read_text(encoding="utf-8"))
    card["subject"] = "own"
    (own_cnn.bundle / "card.json").write_text(json.dumps(card), encoding="utf-8")
    at = open_page("classify")
    at.button_group(key="source").set_value("draw").run()
    assert KEY not in [group.key for group in at.button_group], "a drawing asks for digits or letters alone"

    monkeypatch.setattr(own_runs, "runs", lambda: [own_cnn])
    at.run()
    at.button_group(key=KEY).set_value(OTHER).run()
    at.button_group(key="source").set_value("upload").run()
    at.button_group(key=KEY).set_value(OTHER).run()
    upload(at, ("photo.png", photograph(7)))

    own = next(choice for choice in model_picker.choices("cnn") if choice.key == own_cnn.id)
    assert list(readings(at)) == [escape_markdown(model_picker.card(own).title)]


def _offered(at: AppTest) -> dict[str, int]:
    """Return how many networks each picker of networks offers."""
    found = [group for group in at.button_group if (group.key or "").startswith("classifiers")]
    return {group.key: len(group.options) for group in found}
