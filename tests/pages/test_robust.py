from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.images.corruptions import CORRUPTIONS
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, pictures
from tests.pictures import photograph

DIGITS = "0,1,2,3,4,5,6,7,8,9"
KEY = f"robust {DIGITS}"


def _opened(open_page: OpenPage, digit: int = 7) -> AppTest:
    """The bench on one digit, its section open."""
    at = open_page("classify")
    at.file_uploader[0].upload("photo.png", photograph(digit)).run()
    _run(at)
    assert not at.exception
    return at


def _run(at: AppTest, *others: str) -> None:
    """A run with the section open, and others; before Streamlit 1.67 an AppTest forgets what is open."""
    for key in (KEY, *others):
        at.session_state[key] = True
    at.run()


def _bench(at: AppTest) -> list[tuple[str, str]]:
    """The three answers of the bench: those below the sliders."""
    return [(metric.value, metric.delta) for metric in at.metric][-3:]


def test_a_closed_section_computes_nothing(open_page: OpenPage) -> None:
    at = open_page("classify")
    at.file_uploader[0].upload("photo.png", photograph(7)).run()
    assert not at.slider
    assert "The worsened picture" not in pictures(at)


def test_every_corruption_has_its_slider_at_zero(open_page: OpenPage) -> None:
    at = _opened(open_page)
    assert len(at.slider) == len(CORRUPTIONS)
    assert {slider.value for slider in at.slider} == {0.0}
    assert [value for value, _ in _bench(at)] == ["7"] * 3


def test_a_moved_slider_changes_picture_answers_and_the_curve_it_shows(open_page: OpenPage) -> None:
    at = _opened(open_page)
    before, picture = _bench(at), pictures(at)["The worsened picture"]

    at.slider(key=f"{KEY} blur").set_value(4.0)
    _run(at)

    assert not at.exception
    assert _bench(at) != before
    assert pictures(at)["The worsened picture"] != picture
    assert at.selectbox(key=f"{KEY} curve").value == "blur"
    assert "Blur" in charts(at)[f"robustness {DIGITS}"]["layout"]["xaxis"]["title"]["text"]


def test_reset_brings_the_clean_glyph_back(open_page: OpenPage) -> None:
    at = _opened(open_page)
    before = _bench(at)
    at.slider(key=f"{KEY} rotation").set_value(90.0)
    _run(at)
    assert _bench(at) != before

    next(button for button in at.button if button.label == "Reset").click()
    _run(at)

    assert not at.exception
    assert _bench(at) == before
    assert at.slider(key=f"{KEY} rotation").value == 0.0


def test_the_chart_has_a_curve_for_each_network_and_for_both_together(open_page: OpenPage) -> None:
    chart = charts(_opened(open_page))[f"robustness {DIGITS}"]
    curves = [line["name"] for line in chart["data"] if line["mode"] == "lines"]
    assert len(curves) == 3
    assert curves[-1] == "Together"


def test_no_chart_tells_where_the_servers_files_lie(open_page: OpenPage) -> None:
    at = _opened(open_page)
    _run(at, f"why {DIGITS}")
    assert not at.exception
    assert len(charts(at)) >= 5
    assert not any("/" in key for key in charts(at))


def test_a_class_that_was_not_answered_is_set_against_the_answer(open_page: OpenPage) -> None:
    at = _opened(open_page)
    _run(at, f"why {DIGITS}")
    assert not any(key.startswith("difference") for key in charts(at))

    at.button_group(key=f"asked about 7 {DIGITS}").set_value(9)
    _run(at, f"why {DIGITS}")

    assert not at.exception
    assert any(key.startswith("difference") for key in charts(at))
