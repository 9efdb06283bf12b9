from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.images.corruptions import CORRUPTIONS
from tests.pages.classify.visits import DIGITS, opened_sections, run_with_sections, upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, pictures
from tests.pictures import photograph

KEY = f"robust {DIGITS}"


def _answers(at: AppTest) -> list[tuple[str, str]]:
    """Return the answers to the corrupted picture: the last three."""
    return [(metric.value, metric.delta) for metric in at.metric][-3:]


def test_a_closed_section_computes_nothing(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(7)))

    assert not at.slider
    assert len(pictures(at)) < len(pictures(run_with_sections(at, KEY)))


def test_every_corruption_has_its_slider_at_zero(open_page: OpenPage) -> None:
    at = opened_sections(open_page, 7, KEY)
    assert len(at.slider) == len(CORRUPTIONS)
    assert {slider.value for slider in at.slider} == {0.0}
    assert [value for value, _ in _answers(at)] == ["7"] * 3


def test_a_moved_slider_changes_picture_answers_and_the_curve_it_shows(open_page: OpenPage) -> None:
    at = opened_sections(open_page, 7, KEY)
    before, shown = _answers(at), pictures(at)

    at.slider(key=f"{KEY} blur").set_value(4.0)
    run_with_sections(at, KEY)

    assert not at.exception
    assert _answers(at) != before
    assert len([alt for alt, url in pictures(at).items() if shown[alt] != url]) == 1
    assert at.selectbox(key=f"{KEY} curve").value == "blur"
    blur = next(c for c in CORRUPTIONS if c.name == "blur")
    axis = charts(at)[f"robustness {DIGITS}"]["layout"]["xaxis"]["title"]["text"]
    assert str(blur.title) in axis


def test_the_reset_button_restores_the_clean_glyph(open_page: OpenPage) -> None:
    at = opened_sections(open_page, 7, KEY)
    before = _answers(at)
    at.slider(key=f"{KEY} rotation").set_value(90.0)
    run_with_sections(at, KEY)
    assert _answers(at) != before

    at.button(key=f"{KEY} reset").click()
    run_with_sections(at, KEY)

    assert not at.exception
    assert _answers(at) == before
    assert at.slider(key=f"{KEY} rotation").value == 0.0


def test_the_chart_has_a_curve_for_each_network_and_for_both_together(open_page: OpenPage) -> None:
    chart = charts(opened_sections(open_page, 7, KEY))[f"robustness {DIGITS}"]
    curves = [line["name"] for line in chart["data"] if line["mode"] == "lines"]
    assert len(curves) == 3
    assert len(set(curves)) == 3
