from __future__ import annotations

import pytest

from core.messages import message
from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import equations, panels_by_id

VIEW = {"view": "kernel"}


def test_the_link_holds_preset_size_and_settings(open_page: OpenPage) -> None:
    at = open_page("inside", **VIEW, row="28", column="28")
    at.button_group(key="inside preset").set_value("blur").run()
    at.button_group(key="inside size").set_value(5).run()
    at.number_input(key="inside stride").set_value(3).run()
    at.number_input(key="inside padding").set_value(0).run()

    assert not at.info
    assert panels_by_id(at)["output"]["rows"] == 8
    link = {key: at.query_params[key] for key in ("kernel", "size", "stride", "padding")}
    assert link == {"kernel": "blur", "size": "5", "stride": "3", "padding": "0"}
    assert equations(open_page("inside", **VIEW, **link)) == equations(at)


def test_the_numbers_of_a_kernel_come_from_the_link(open_page: OpenPage) -> None:
    at = open_page("inside", **VIEW, kernel="0,0,0,0,-3.5,0,0,0,0")

    (editor,) = at.get("data_editor") or at.dataframe  # which it is depends on Streamlit's version
    assert editor.value["2"].tolist() == [0, -3.5, 0]
    assert at.button_group(key="inside preset").value is None
    unchanged = open_page("inside", **VIEW, kernel="unchanged")
    assert panels_by_id(at)["output"]["image"] != panels_by_id(unchanged)["output"]["image"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"kernel": "1,2,x,4,5,6,7,8,9"}, message("inside.kernel_not_numbers")),
        ({"kernel": "1,2,3"}, message("inside.kernel_size", count=3)),
        ({"stride": "0"}, "“0”"),
        ({"size": "5", "kernel": "edges", "dilation": "8"}, ""),
        ({"stride": "8", "pool": "8"}, ""),
    ],
)
def test_an_impossible_setting_shows_one_message_and_the_fields(
    open_page: OpenPage, query: dict[str, str], sentence: object
) -> None:
    at = open_page("inside", **VIEW, **query)

    (said,) = (*at.info, *at.error)
    assert str(sentence) in said.value.replace("\\", "")
    assert at.number_input(key="inside dilation")


@pytest.mark.parametrize(
    ("earlier", "preset"),
    [("Upright edges", "vertical_edges"), ("Level edges", "horizontal_edges"), ("Blur", "blur")],
)
def test_a_link_of_an_older_version_names_a_preset(open_page: OpenPage, earlier: str, preset: str) -> None:
    at = open_page("inside", part="Convolution", view="Your own kernel", kernel=earlier)

    assert at.session_state["view"] == "kernel"
    assert at.button_group(key="inside preset").value == preset
    assert not at.info
