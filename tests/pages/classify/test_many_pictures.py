from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from click.testing import CliRunner
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.__main__ import main
from core.images.picture_kind import DIGIT, THING
from core.inference.decoding_pool import DecodingPool
from core.inference.picture_reading import Prepared, Verdict, prepare
from pages.parts.classify import true_answers, verdicts
from pages.parts.classify.many_pictures import LOOKED_AT, MOST_PERCENT
from pages.parts.classify.reading_choice import KEY, TITLES
from pages.parts.classify.visit import LINK
from pages.parts.shared.error_messages import escape_markdown
from tests.images.test_picture_kind import scenery
from tests.pages.classify.visits import readings, run_with_sections, upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, words
from tests.pictures import encoded, photograph

ME = "0" * 32  # a visitor


def test_a_damaged_file_shows_one_error_and_the_other_file_is_read(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("torn.png", photograph(2)[:300]), ("good.png", photograph(7)))

    assert len(at.error) == 1
    assert "torn" in at.error[0].value
    assert "\n" not in at.error[0].value
    assert set(readings(at).values()) == {"7"}


def test_each_of_several_pictures_has_a_row_in_the_table(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("a.png", photograph(2)), ("b.png", photograph(7, 7)))

    table = at.dataframe[0].value
    assert list(table["file"]) == ["a.png", "b.png"]
    assert list(table["together"]) == ["2", "77"]
    assert table["probability"].max() == MOST_PERCENT, "no answer is certain"
    assert set(readings(at).values()) == {"77"}, "the newest is looked at"
    assert at.session_state["table"]["selection"]["rows"] == [1], "its row is marked"

    at.session_state[LOOKED_AT] = next(iter(at.session_state["batch"][1].values()))[0].place
    at.run()
    assert set(readings(at).values()) == {"2"}


def test_long_names_and_other_columns_leave_a_phone_room_for_the_answer(open_page: OpenPage) -> None:
    names = [f"IMG_20261128_13245{k}_house_numbers.png" for k in (2, 7)]
    at = upload(open_page("classify"), *((name, photograph(7)) for name in names), ("a.png", photograph(2)))

    table = at.dataframe[0].value
    assert list(table["file"]) == ["IMG_2…umbers.png"] * 2 + ["a.png"]
    assert list(table.columns)[:3] == ["picture", "file", "together"]


def test_each_of_several_pictures_is_read_as_what_it_is_taken_for(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("7.png", photograph(7)), ("scenery.png", scenery(1)))

    table = at.dataframe[0].value
    assert list(table["kind"]) == [TITLES[DIGIT], TITLES[THING]]
    assert list(table["glyphs"]) == [1, 1]
    assert table["together"][0] == "7"
    assert list(table["verdict"]) == [
        verdicts.label(Verdict.READ),
        verdicts.label(Verdict.UNKNOWN, verdicts.BACKBONE),
    ]

    at.button(key=f"read as {DIGIT}").click().run()

    assert not at.exception
    table = at.dataframe[0].value
    assert list(table["kind"]) == [TITLES[DIGIT]] * 2, "the newest is looked at, so only this one changes"
    assert at.button(key=f"read as {THING}")


def test_a_digit_taken_for_something_else_counts_as_a_wrong_answer(open_page: OpenPage) -> None:
    pictures = [(f"{k}/a.png", photograph(k)) for k in (2, 4)]
    data = _zipped(*pictures, ("7/a.png", scenery(1)))

    at = upload(open_page("classify"), ("pictures.zip", data))

    assert "66.7%" in words(at)


def _zipped(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, content in files:
            opened.writestr(name, content)
    return buffer.getvalue()


def test_each_picture_of_a_zip_file_has_a_row_or_an_error(open_page: OpenPage) -> None:
    inner = _zipped(("c.png", photograph(4)))
    data = _zipped(
        ("a.png", photograph(2)), ("torn.png", photograph(2)[:99]), ("x.zip", inner), ("b.png", photograph(7))
    )

    at = upload(open_page("classify"), ("pictures.zip", data))

    table = at.dataframe[0].value
    assert list(table["file"]) == ["a.png", "b.png"]
    assert list(table["together"]) == ["2", "7"]
    assert list(table["glyphs"]) == [1, 1]
    assert set(table["verdict"]) == {verdicts.label(Verdict.READ)}
    assert all(thumbnail.startswith("data:image/jpeg;base64,") for thumbnail in table["picture"])
    assert len(at.error) == 2
    assert "torn" in at.error[0].value
    assert set(readings(at).values()) == {"2"}


def test_other_files_in_a_zip_file_are_counted_and_named_but_are_no_errors(open_page: OpenPage) -> None:
    data = _zipped(("a.png", photograph(2)), ("readme.txt", b"milk, bread"), ("_x_.doc", b"bread"))

    at = upload(open_page("classify"), ("pictures.zip", data))

    assert not at.error
    (told,) = (caption.value for caption in at.caption if "readme" in caption.value)
    assert "2" in told
    assert escape_markdown("_x_.doc") in told


def test_an_interrupted_reading_of_a_zip_file_continues_where_it_stopped(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click during a long reading must not start it again from the first picture."""
    asked: list[int] = []

    def cut_off_at_the_second(
        _: DecodingPool, load: Any, key: str, name: str, number: int, thorough: bool
    ) -> Prepared:
        asked.append(number)
        if asked == [0, 1]:
            st.stop()
        return prepare(photograph(2), name)

    monkeypatch.setattr(DecodingPool, "prepare_member", cut_off_at_the_second)
    data = _zipped(*((f"{name}.png", photograph(2)) for name in "abc"))
    at = upload(open_page("classify"), ("pictures.zip", data))
    at.run()

    assert asked[:4] == [0, 1, 1, 2]  # then the picture to look at
    assert list(at.dataframe[0].value["file"]) == ["a.png", "b.png", "c.png"]


def test_file_names_with_labels_give_an_accuracy_and_a_confusion_matrix(open_page: OpenPage) -> None:
    data = _zipped(
        ("2/a.png", photograph(2)), ("four_1.png", photograph(4)), ("label_4-1.png", photograph(7))
    )

    at = upload(open_page("classify"), ("pictures.zip", data))

    assert "66.7%" in words(at)
    squares = charts(at)["confusion"]["data"]
    assert [i for i, texts in enumerate(zip(*(s["text"] for s in squares), strict=True)) if any(texts)] == [
        *(22, 44, 47)
    ]


def test_the_pictures_of_a_cell_can_be_chosen_from_a_list(open_page: OpenPage) -> None:
    data = _zipped(("4/a.png", photograph(4)), ("4/b.png", photograph(7)), ("7/c.png", photograph(7)))
    at = upload(open_page("classify"), ("pictures.zip", data))
    assert len(at.selectbox(key="batch cell").options) == 4  # all pictures, and three cells

    at.selectbox(key="batch cell").set_value((4, 7)).run()

    assert not at.exception
    assert readings(at) == dict.fromkeys(readings(at), "7")


def test_a_zip_file_without_a_picture_shows_a_hint(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("empty.zip", _zipped()))

    assert len(at.info) == 1
    assert not at.metric


def test_a_damaged_zip_file_shows_one_error(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("torn.zip", _zipped(("a.png", photograph(2)))[:500]))

    assert len(at.error) == 1
    assert "torn" in at.error[0].value


def test_the_page_and_the_command_line_read_a_file_alike(open_page: OpenPage, tmp_path: Path) -> None:
    files = {
        "number.png": photograph(2, 4, 7),
        "one.png": photograph(4),
        "clipped.png": photograph(7)[:1000],
        "noise.png": encoded(Image.effect_noise((120, 120), 90)),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    said = CliRunner().invoke(main, ["classify", *(str(tmp_path / name) for name in files), "--json"]).stdout
    results = [json.loads(line) for line in said.splitlines()]
    assert [len(result.get("glyphs", ())) for result in results[:3]] == [3, 1, 0]

    at = open_page("classify")
    at.button_group(key=KEY).set_value(DIGIT)
    upload(at, *files.items())

    rows = [row for rows in at.session_state["batch"][1].values() for row in rows]
    for result, row in zip(results, rows, strict=True):
        assert str(row.error or "") == result.get("error", "")
        read = [
            {
                "label": given.label,
                "probability": round(given.probability, 6),
                "box": list(given.glyph.box),
                "verdict": given.verdict.value,
            }
            for given in (row.answers[0] if row.answers else ())
        ]
        assert read == result.get("glyphs", [])
    assert at.error[0].value.replace("\\", "") == results[2]["error"]


def test_a_true_answer_that_is_typed_counts_at_once(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("a.png", photograph(2)), ("b.png", photograph(4, 7)))
    assert "50.0%" not in words(at)
    run_with_sections(at, "true answers section")

    places = at.session_state[true_answers.OFFERED][1]
    at.session_state[true_answers.TYPED] = dict(zip(places, ("3", "4 7"), strict=True))
    at.run()

    assert "50.0%" in words(at)


def test_typed_answers_stand_in_the_table_when_it_is_opened_again_and_after_a_reload(
    open_page: OpenPage,
) -> None:
    at = upload(open_page("classify", visitor=ME), ("a.png", photograph(2)), ("b.png", photograph(4)))
    run_with_sections(at, "true answers section")
    places = at.session_state[true_answers.OFFERED][1]
    at.session_state[true_answers.TYPED] = dict(zip(places, ("3", "4"), strict=True))
    at.run()

    at.switch_page("pages/home.py").run()
    at.switch_page("pages/classify.py").run()
    assert _typed(run_with_sections(at, "true answers section")) == ["3", "4"]
    kept = at.query_params[LINK]
    (kept,) = [kept] if isinstance(kept, str) else kept
    again = open_page("classify", visitor=ME, **{LINK: kept})

    assert "50.0%" in words(again)
    assert _typed(run_with_sections(again, "true answers section")) == ["3", "4"]


def _typed(at: AppTest) -> list[str]:
    """Return the true answers in the table where they are typed."""
    return next(list(table.value["expected"]) for table in at.dataframe if "expected" in table.value)
