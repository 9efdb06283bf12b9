from __future__ import annotations

from tests.pages.classify.visits import DIGITS, opened_sections, run_with_sections
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, pictures

WHY = f"why {DIGITS}"


def test_the_activations_of_any_layer_can_be_shown(open_page: OpenPage) -> None:
    at = opened_sections(open_page, 7, WHY)

    for place, layer in ((0, "conv1"), (0, "average"), (1, "lstm1")):
        boxes = [box for box in at.selectbox if str(box.key).startswith("layer")]
        boxes[place].select(layer)
        run_with_sections(at, WHY)
        assert any(layer in alt for alt in pictures(at))


def test_no_chart_holds_a_path_of_the_server(open_page: OpenPage) -> None:
    at = opened_sections(open_page, 7, WHY, f"robust {DIGITS}", f"each network {DIGITS}")
    assert len(charts(at)) >= 5
    assert not any("/" in key for key in charts(at))


def test_another_class_can_be_compared_with_the_answer(open_page: OpenPage) -> None:
    at = opened_sections(open_page, 7, WHY)
    assert not any(key.startswith("difference") for key in charts(at))

    at.button_group(key=f"asked about 7 {DIGITS}").set_value(9)
    run_with_sections(at, WHY)

    assert any(key.startswith("difference") for key in charts(at))
