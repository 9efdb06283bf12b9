from __future__ import annotations

import pytest

from core.runs import Run
from pages.parts.shared import model_picker, own_runs
from tests.pages.classify.visits import readings, upload
from tests.pages.conftest import OpenPage
from tests.pictures import photograph


def test_an_empty_page_says_what_to_bring(open_page: OpenPage) -> None:
    at = open_page("classify")

    assert at.button(key="try an example")
    assert not at.metric
    assert not at.error


def test_no_network_chosen_is_a_hint(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(7)))

    at.button_group(key="classifiers").set_value([]).run()

    assert not at.exception
    assert len(at.info) == 1
    assert not at.metric


def test_a_trained_network_of_the_visitor_is_offered_and_answers(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_runs, "runs", lambda: [own_cnn])
    at = open_page("classify")
    own = next(choice for choice in model_picker.choices("cnn") if choice.key == own_cnn.id)

    at.button_group(key="classifiers").set_value([own]).run()
    upload(at, ("photo.png", photograph(7)))

    assert own.title not in {choice.title for choice in model_picker.choices("cnn") if choice != own}
    assert len(at.metric) == 1


def test_a_damaged_network_of_the_visitor_is_left_out_and_harms_nothing(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_runs, "runs", lambda: [own_cnn])
    (own_cnn.bundle / "model.tflite").write_bytes(b"damaged")

    at = open_page("classify")

    assert own_cnn.id not in [choice.key for choice in model_picker.choices("cnn", "rnn")]
    assert set(readings(upload(at, ("photo.png", photograph(7)))).values()) == {"7"}
