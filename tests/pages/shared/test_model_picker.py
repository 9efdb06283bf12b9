from __future__ import annotations

from pathlib import Path

import pytest

from core.bundles.bundle import PRETRAINED
from core.runs import Run
from pages.parts.shared import model_picker, own_runs
from tests.pages.classify.visits import readings, upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import panels
from tests.pictures import photograph


def test_a_network_that_the_visitor_trained_can_be_chosen_and_answers(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_runs, "runs", lambda: [own_cnn])
    at = upload(open_page("classify"), ("photo.png", photograph(7)))
    own = next(choice for choice in model_picker.choices("cnn") if choice.key == own_cnn.id)

    at.button_group(key="classifiers digit").set_value([own.key]).run()

    assert own.title not in {choice.title for choice in model_picker.choices("cnn") if choice != own}
    assert len(at.metric) == 1


def test_a_damaged_network_of_the_visitor_is_not_offered(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_runs, "runs", lambda: [own_cnn])
    (own_cnn.bundle / "model.tflite").write_bytes(b"damaged")

    at = open_page("classify")

    assert own_cnn.id not in [choice.key for choice in model_picker.choices("cnn", "rnn")]
    assert set(readings(upload(at, ("photo.png", photograph(7)))).values()) == {"7"}


@pytest.mark.parametrize(
    ("link", "drawn_by"),
    [({}, "avatars"), ({"utm_source": "x"}, "avatars"), ({"seed": "4"}, "dcgan"), ({"part": "map"}, "dcgan")],
)
def test_avatars_are_drawn_first_but_a_link_from_before_them_shows_digits(
    open_page: OpenPage,
    avatars: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    link: dict[str, str],
    drawn_by: str,
) -> None:
    for name in ("dcgan", "fashion_dcgan"):
        (tmp_path / name).symlink_to(PRETRAINED / name)
    (tmp_path / "avatars").symlink_to(avatars.bundle)
    monkeypatch.setattr(model_picker, "PRETRAINED", tmp_path)
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["avatars", "dcgan", "fashion_dcgan"])

    at = open_page("generate", **link)

    assert at.selectbox(key="generator").value == drawn_by
    assert ("model" in at.query_params) == (drawn_by == "avatars")  # so that this link names it


def test_a_link_to_a_missing_generator_shows_a_note_and_uses_another(open_page: OpenPage) -> None:
    at = open_page("generate", model="gone*" + "x" * 5000)

    assert "gone" in at.info[0].value
    assert len(at.info[0].value) < 150
    assert panels(at)
