from __future__ import annotations

from pages.parts.classify import boxed_picture, visit
from pages.parts.classify.visit import LINK
from tests.pages.classify.visits import boxes, readings, upload
from tests.pages.conftest import OpenPage
from tests.pictures import photograph

ME, YOU = "0" * 32, "1" * 32


def test_a_picture_and_the_chosen_glyph_are_there_after_a_visit_elsewhere_and_a_reload(
    open_page: OpenPage,
) -> None:
    at = upload(open_page("classify", visitor=ME), ("photo.png", photograph(4, 2)))
    at.button_group(key=boxed_picture.GLYPH).set_value(1).run()

    at.switch_page("pages/home.py").run()
    at.switch_page("pages/classify.py").run()

    assert not at.exception
    assert set(readings(at).values()) == {"42"}
    assert boxes(at)["chosen"] == 1
    kept = at.query_params[LINK]
    (kept,) = [kept] if isinstance(kept, str) else kept

    again = open_page("classify", visitor=ME, **{LINK: kept})

    assert set(readings(again).values()) == {"42"}
    assert boxes(again)["chosen"] == 1
    assert not open_page("classify", visitor=YOU, **{LINK: kept}).metric, "it is private"
    again.button(key="remove upload").click().run()
    assert not again.metric
    assert LINK not in again.query_params, again.query_params


def test_a_file_that_the_visitor_removes_is_gone(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("a.png", photograph(4)), ("b.png", photograph(2)))

    at.file_uploader[0].set_value(("a.png", photograph(4), "image/png")).run()

    assert set(readings(at).values()) == {"4"}
    assert len(at.session_state[visit.VISIT].keys) == 1
