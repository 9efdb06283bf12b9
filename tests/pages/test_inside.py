from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.images.glyph_links import from_code, to_code
from core.runs import Run
from pages.parts.inside.picture_choice import example
from pages.parts.shared import model_picker
from tests.pages.conftest import OpenPage
from tests.pages.looks import links, pictures

PICTURE = "Your picture, 28×28"


def test_the_page_opens_with_an_example_and_a_clean_link(open_page: OpenPage) -> None:
    at = open_page("inside")

    assert at.title[0].value == "Inside"
    assert PICTURE in pictures(at)
    assert "drawing" not in at.query_params


def test_an_example_that_was_chosen_stands_in_the_link(open_page: OpenPage) -> None:
    at = open_page("inside")
    before = pictures(at)[PICTURE]

    at.button(key="inside example 7").click().run()

    assert not at.exception
    assert pictures(at)[PICTURE] != before
    np.testing.assert_array_equal(from_code(str(at.query_params["drawing"]))[0], example(7))


def test_the_picture_of_a_link_is_shown(open_page: OpenPage) -> None:
    before = pictures(open_page("inside"))[PICTURE]

    at = open_page("inside", drawing=str(to_code([example(5)])))

    assert pictures(at)[PICTURE] != before


def test_a_damaged_link_is_said_so_and_an_example_stands_in(open_page: OpenPage) -> None:
    at = open_page("inside", drawing="abc")

    assert len(at.error) == 1
    assert PICTURE in pictures(at)


def test_a_picture_without_ink_is_said_so_with_a_way_on(open_page: OpenPage) -> None:
    at = open_page("inside", drawing=str(to_code([np.zeros((28, 28), np.uint8)])))

    assert len(at.info) == 1


def test_a_link_to_a_part_that_is_not_there_opens_the_first(open_page: OpenPage) -> None:
    at = open_page("inside", part="Map")

    assert PICTURE in pictures(at)


def _text(at: AppTest) -> str:
    """The equations, tags taken out."""
    return re.sub(
        r"<style>.*?</style>|<[^>]+>", " ", " ".join(e.proto.body for e in at.get("html")), flags=re.S
    )


def test_a_cell_is_shown_with_its_equation(open_page: OpenPage) -> None:
    at = open_page("inside", layer="conv2", map="3", row="5", column="6")

    text = _text(at)
    assert "Kernel of map 3" in text
    assert "All 32 input maps" in text
    assert "Normalised" in text
    assert re.search(r"max\(0, \S+\) =", text)


def test_the_link_keeps_layer_map_and_cell(open_page: OpenPage) -> None:
    at = open_page("inside")
    at.selectbox(key="inside layer").set_value("conv4").run()
    at.number_input(key="inside map").set_value(7).run()
    at.number_input(key="inside row").set_value(3).run()
    at.number_input(key="inside column").set_value(2).run()

    link = {key: at.query_params[key] for key in ("layer", "map", "row", "column")}
    assert link == {"layer": "conv4", "map": "7", "row": "3", "column": "2"}
    again = open_page("inside", **link)
    assert _text(again) == _text(at)


def test_another_layer_forgets_the_cell(open_page: OpenPage) -> None:
    at = open_page("inside", layer="conv1", map="30", row="28", column="28")
    at.selectbox(key="inside layer").set_value("conv6").run()

    assert not at.info
    assert "row" not in at.query_params


def test_a_pooling_shows_the_greatest_of_its_window(open_page: OpenPage) -> None:
    assert re.search(r"Maximum\s+max\(\s*\S+ ,", _text(open_page("inside", layer="pool1", map="2")))


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("layer", "conv9"),
        ("map", "99"),
        ("row", "0"),
        ("column", "left"),
        ("network", "nobody"),
        ("input", "33"),
    ],
)
def test_a_link_that_leads_nowhere_is_said_so_and_the_page_goes_on(
    open_page: OpenPage, key: str, asked: str
) -> None:
    at = open_page("inside", **({"layer": "conv2"} | {key: asked}))

    assert f"“{asked}”" in at.info[0].value
    assert "Kernel of map" in _text(at)


def test_the_network_of_a_run_can_be_looked_into_by_its_link(open_page: OpenPage, own_cnn: Run) -> None:
    at = open_page("inside", network=own_cnn.id)

    assert at.selectbox(key="inside network").value == own_cnn.id
    assert "Kernel of map" in _text(at)


def test_without_a_cnn_the_page_sends_to_training(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["lstm"])

    at = open_page("inside")

    assert "train" in links(at)


def test_all_layers_are_counted_as_on_the_card(open_page: OpenPage) -> None:
    at = open_page("inside")
    at.session_state["inside counts"] = True
    at.run()

    table = at.dataframe[0].value
    assert table["Parameters"].iloc[-1] == "427,690"
    assert table["Multiplications"].iloc[1] == f"{28 * 28 * 32 * 9:,}"


OWN = "kernel"


def _output(at: AppTest, panel: str = "output") -> dict[str, Any]:
    """A panel of the page's pictures of cells."""
    found = [
        entry
        for component in at.get("bidi_component")
        if component.proto.component_name.endswith("pixels")
        for entry in json.loads(component.proto.json)["panels"]
    ]
    return next(entry for entry in found if entry["id"] == panel)


def test_a_kernel_of_ones_own_is_laid_over_the_picture(open_page: OpenPage) -> None:
    at = open_page("inside", view=OWN)

    assert (_output(at)["rows"], _output(at)["columns"]) == (28, 28)
    assert "⌊(28 + 2 × 1 − 1 × (3 − 1) − 1) ÷ 1⌋ + 1 = 28" in _text(at)
    assert {"maximum", "mean"} <= {_output(at, name)["id"] for name in ("maximum", "mean")}


def test_preset_size_and_settings_stand_in_the_link(open_page: OpenPage) -> None:
    at = open_page("inside", view=OWN, row="28", column="28")
    at.button_group(key="inside preset").set_value("blur").run()
    at.button_group(key="inside size").set_value(5).run()
    at.number_input(key="inside stride").set_value(3).run()
    at.number_input(key="inside padding").set_value(0).run()

    assert not at.info
    assert _output(at)["rows"] == 8
    link = {key: at.query_params[key] for key in ("kernel", "size", "stride", "padding")}
    assert link == {"kernel": "blur", "size": "5", "stride": "3", "padding": "0"}
    assert _text(open_page("inside", view=OWN, **link)) == _text(at)


def test_numbers_of_a_kernel_stand_in_the_link(open_page: OpenPage) -> None:
    at = open_page("inside", view=OWN, kernel="0,0,0,0,-3.5,0,0,0,0")

    (editor,) = at.get("data_editor") or at.dataframe  # which it is depends on Streamlit's version
    assert editor.value["2"].tolist() == [0, -3.5, 0]
    assert at.button_group(key="inside preset").value is None
    assert _output(at)["image"] != _output(open_page("inside", view=OWN, kernel="unchanged"))["image"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"kernel": "1,2,x,4,5,6,7,8,9"}, "numbers"),
        ({"kernel": "1,2,3"}, "9 or 25"),
        ({"stride": "0"}, "“0”"),
        ({"size": "5", "kernel": "edges", "dilation": "8"}, "padding"),
        ({"stride": "8", "pool": "8"}, "padding"),
    ],
)
def test_a_setting_that_cannot_be_is_explained_and_the_controls_stay(
    open_page: OpenPage, query: dict[str, str], sentence: str
) -> None:
    at = open_page("inside", view=OWN, **query)

    said = " ".join(element.value.replace("\\", "") for element in (*at.info, *at.error))
    assert sentence in said
    assert at.number_input(key="inside dilation")


def test_a_picture_without_ink_has_its_equations_too(open_page: OpenPage) -> None:
    empty = str(to_code([np.zeros((28, 28), np.uint8)]))

    assert "9 × 0" in _text(open_page("inside", drawing=empty))
    assert "9 × 0" in _text(open_page("inside", drawing=empty, view=OWN))


@pytest.mark.parametrize(
    ("earlier", "preset"),
    [("Upright edges", "vertical_edges"), ("Level edges", "horizontal_edges"), ("Blur", "blur")],
)
def test_a_link_of_the_version_before_names_a_kernel(open_page: OpenPage, earlier: str, preset: str) -> None:
    at = open_page("inside", part="Convolution", view="Your own kernel", kernel=earlier)

    assert at.session_state["view"] == "kernel"
    assert at.button_group(key="inside preset").value == preset
    assert not at.info


@pytest.mark.parametrize(
    ("earlier", "part"),
    [("Convolution", "convolution"), ("Training", "training"), ("Memory", "memory"), ("Contest", "contest")],
)
def test_a_link_of_the_version_before_opens_its_part(open_page: OpenPage, earlier: str, part: str) -> None:
    assert open_page("inside", part=earlier).session_state["part"] == part
