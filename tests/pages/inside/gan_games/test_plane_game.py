from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.gan_games import point_sets
from core.language import gettext
from pages.parts.components.point_plane import LAYERS
from pages.parts.inside.gan_games.plane_game import QUALITY
from pages.parts.shared.error_messages import escape_markdown
from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import PART, STARTS, Canned, started
from tests.pages.inside.reading import press


def test_other_points_or_another_seed_start_the_game_again(open_page: OpenPage, canned: list[Canned]) -> None:
    at = press(started(open_page, "plane"), "game ten_rounds")
    at.selectbox(key="inside points").set_value("grid25").run()
    at.number_input(key="seed").set_value(4).run()

    begun = [arguments for method, arguments in canned[0].asked if method == "begin"]
    assert [(b["points"], b["seed"]) for b in begun] == [("ring8", 0), ("grid25", 0), ("grid25", 4)]


def test_drawn_points_come_from_the_link(open_page: OpenPage, canned: list[Canned]) -> None:
    cells = np.zeros((32, 32), bool)
    cells[5, 5:9] = True
    code = point_sets.to_code(cells)
    at = open_page("inside", **PART, contest="plane", cells=code)
    at.selectbox(key="inside points").set_value("drawn").run()
    press(at, STARTS["plane"])

    assert canned[0].asked[0][1]["drawing"] == code


@pytest.mark.parametrize("link", [{"points": "spiral"}, {"loss": "hope"}])
def test_an_unknown_choice_in_a_link_shows_a_note_and_the_default_is_used(
    open_page: OpenPage, canned: list[Canned], link: dict[str, str]
) -> None:
    at = open_page("inside", **PART, contest="plane", **link)
    assert f"“{escape_markdown(next(iter(link.values())))}”" in at.info[0].value

    press(at, STARTS["plane"])
    assert canned[0].asked[0][1]["points"] == "ring8"


@pytest.mark.parametrize("code", ["", "x"])
def test_without_drawn_points_the_page_shows_a_hint(
    open_page: OpenPage, canned: list[Canned], code: str
) -> None:
    at = open_page("inside", **PART, contest="plane", cells=code)
    at.selectbox(key="inside points").set_value("drawn").run()

    assert len(at.info) == 1
    assert not at.exception


def test_the_canvas_shows_the_frame_of_the_experiment(open_page: OpenPage, canned: list[Canned]) -> None:
    at = press(started(open_page, "plane"), "game train_both")
    canvas = next(
        json.loads(component.proto.json)[0]
        for component in at.get("bidi_component")
        if component.proto.component_name.endswith("plane")
    )

    frame = canned[0].frame()
    np.testing.assert_allclose(canvas["fake"], frame["fake"], atol=1e-3)
    assert len(canvas["grid"]) == canvas["lines"] ** 2
    assert gettext(QUALITY["modes"], covered=3, count=8, good=0.25) in canvas["alt"]


def _layers(at: AppTest) -> list[str]:
    """Return the ids of the layers that the canvas draws."""
    canvas = next(c for c in at.get("bidi_component") if c.proto.component_name.endswith("plane"))
    return [name for name, shown in json.loads(canvas.proto.json)[0]["show"].items() if shown]


@pytest.mark.parametrize(
    ("linked", "shown"), [("Field", ["field"]), ("arrows", ["arrows"]), ("", []), (None, list(LAYERS))]
)
def test_a_link_names_layers_by_id_and_older_links_by_label(
    open_page: OpenPage, canned: list[Canned], linked: str | None, shown: list[str]
) -> None:
    link = {} if linked is None else {"layers": linked}
    at = started(open_page, "plane", **link)
    assert _layers(at) == at.session_state["layers"] == shown

    at.button_group(key="layers").set_value(["grid", "field"]).run()
    assert _layers(at) == at.query_params["layers"] == ["grid", "field"]
