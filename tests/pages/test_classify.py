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
from core.datasets.synthetic.example_pictures import EXAMPLES
from core.inference.picture_reading import Prepared, prepare
from core.runs import Run
from pages.parts.classify import preparation
from pages.parts.shared import model_picker, own_runs
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, pictures, words
from tests.pictures import blank_paper, encoded, photograph


def _upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    for name, content in files:
        at.file_uploader[0].upload(name, content)
    at.run()
    assert not at.exception
    return at


def _readings(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def _pages(at: AppTest) -> list[str]:
    """The readings that are too long for a metric."""
    return [code.value for code in at.code if "?drawing=" not in code.value]


def _answers(at: AppTest) -> dict[str, Any]:
    return next(chart for key, chart in charts(at).items() if key.startswith("answers"))


def test_an_empty_page_says_what_to_bring(open_page: OpenPage) -> None:
    at = open_page("classify")

    assert at.title[0].value == "Classify"
    assert "Bring a picture" in words(at)
    assert not at.metric
    assert not at.error


def test_the_example_is_read_by_both_networks_and_by_both_together(open_page: OpenPage) -> None:
    at = open_page("classify")

    next(button for button in at.button if button.label == "Try an example").click().run()

    assert not at.exception
    assert list(_readings(at).values()) == ["2026"] * 3


def test_an_uploaded_photograph_is_read_by_cnn_and_rnn(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))

    pair = model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    read = [model_picker.classifier(choice).card.title for choice in pair]
    assert _readings(at) == dict.fromkeys([*read, "Together"], "247")
    assert not at.error


def test_of_an_upload_the_session_keeps_the_name_alone(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(7)))

    (kept,) = at.session_state["pictures"]
    assert kept.name == "photo.png"
    assert kept.getvalue() == b""


def test_an_upload_is_on_the_disk_before_the_uploader_copies_it(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def uploader(*arguments: Any, **options: Any) -> Any:
        given = file_uploader(*arguments, **options)
        sizes.extend(len(file.getvalue()) for file in given)
        return given

    file_uploader = st.file_uploader
    monkeypatch.setattr(st, "file_uploader", uploader)

    at = _upload(open_page("classify"), ("photo.png", photograph(7)))

    assert sizes == [0]
    assert set(_readings(at).values()) == {"7"}


def test_an_upload_and_an_example_do_not_mix(open_page: OpenPage) -> None:
    at = open_page("classify")
    next(button for button in at.button if button.label == "Try an example").click().run()

    at.button_group(key="source").set_value("upload").run()
    assert not at.metric

    _upload(at, ("photo.png", photograph(7)))
    assert set(_readings(at).values()) == {"7"}

    at.file_uploader[0].clear().run()
    assert not at.metric


def test_every_example_of_the_gallery_is_read_or_refused(open_page: OpenPage) -> None:
    at = open_page("classify")
    at.button_group(key="source").set_value("examples").run()
    assert not at.metric

    read = {}
    for example in EXAMPLES:
        at.button(key=f"example {example.name}").click().run()
        assert not at.exception
        read[example.name] = _readings(at).get("Together") or _pages(at)[-1]

    assert read["year.jpg"] == "2026"
    assert read["form.jpg"] == "90210"
    assert read["page.jpg"] == "314159\n271828\n161803\n141421"
    assert read["letter.jpg"] == "?"
    assert len(set(read.values())) == len(EXAMPLES)


def test_the_prepared_digit_and_the_way_to_it_are_shown(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(4)))

    assert "The prepared picture" in pictures(at)
    assert len(pictures(at)) >= 4  # it, and three steps or more


def test_the_networks_stand_in_the_same_order_in_readings_and_chart(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(4)))

    chart = _answers(at)
    from_above = [bars["name"] for bars in reversed(chart["data"])]  # horizontal bars grow from below
    assert from_above == list(_readings(at))
    assert chart["layout"]["legend"]["traceorder"] == "reversed"


def test_each_digit_of_several_has_its_confidences(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))

    table = at.dataframe[0].value
    assert list(table["Digit"]) == [1, 2, 3]
    assert list(table["Together"]) == ["2", "4", "7"]
    sure = [column for column in table if column.endswith(", sure")]
    assert len(sure) == 3
    assert ((table[sure] > 0.5) & (table[sure] <= 1)).all(axis=None)


def test_a_page_is_read_out_whole_line_by_line(open_page: OpenPage) -> None:
    line = Image.open(io.BytesIO(photograph(2, 4, 7))).resize((900, 300))
    sheet = Image.new("L", (900, 1500))
    for i in range(5):
        sheet.paste(line, (0, 300 * i))

    at = _upload(open_page("classify"), ("page.png", encoded(sheet)))

    assert _pages(at) == ["\n".join(["247"] * 5)] * 3
    assert not at.metric


def test_the_activations_of_any_layer_can_be_asked_for(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(7)))
    at.session_state["why 0,1,2,3,4,5,6,7,8,9"] = True
    at.run()

    for place, layer in ((0, "conv1"), (0, "average"), (1, "lstm1")):
        boxes = [box for box in at.selectbox if box.label == "Activations of layer"]
        boxes[place].select(layer)
        at.session_state["why 0,1,2,3,4,5,6,7,8,9"] = True  # an AppTest before Streamlit 1.67 forgets it
        at.run()
        assert not at.exception
        assert f"Activations of {layer}" in pictures(at)


def test_another_digit_of_the_picture_can_be_looked_at(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))
    first = pictures(at)["The prepared picture"]
    assert _answers(at)["data"][0]["y"][-1].strip() == "2"

    at.button_group(key="glyph").set_value(2).run()

    assert not at.exception
    assert pictures(at)["The prepared picture"] != first
    assert _answers(at)["data"][0]["y"][-1].strip() == "7"


def test_a_picture_with_fewer_digits_may_follow_one_with_more(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))
    at.button_group(key="glyph").set_value(2).run()

    at.file_uploader[0].set_value(("other.png", photograph(4, 2), "image/png")).run()

    assert not at.exception
    assert set(_readings(at).values()) == {"42"}


def test_a_damaged_file_is_one_sentence_and_the_other_is_read(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("torn.png", photograph(2)[:300]), ("good.png", photograph(7)))

    assert len(at.error) == 1
    assert "torn" in at.error[0].value
    assert "\n" not in at.error[0].value
    assert set(_readings(at).values()) == {"7"}


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_one_sentence(open_page: OpenPage, content: bytes) -> None:
    at = _upload(open_page("classify"), ("file.png", content))

    assert len(at.error) == 1
    assert not at.metric


def test_several_pictures_are_rows_of_a_table(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("a.png", photograph(2)), ("b.png", photograph(7, 7)))

    table = at.dataframe[0].value
    assert list(table["File"]) == ["a.png", "b.png"]
    assert list(table["Together"]) == ["2", "77"]


def _zipped(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, content in files:
            opened.writestr(name, content)
    return buffer.getvalue()


def test_the_pictures_of_a_zip_file_are_rows_and_the_bad_ones_sentences(open_page: OpenPage) -> None:
    inner = _zipped(("c.png", photograph(4)))
    data = _zipped(
        ("a.png", photograph(2)), ("torn.png", photograph(2)[:99]), ("x.zip", inner), ("b.png", photograph(7))
    )

    at = _upload(open_page("classify"), ("pictures.zip", data))

    table = at.dataframe[0].value
    assert list(table["File"]) == ["a.png", "b.png"]
    assert list(table["Together"]) == ["2", "7"]
    assert list(table["Digits"]) == [1, 1]
    assert list(table["Verdict"]) == ["read", "read"]
    assert all(thumbnail.startswith("data:image/jpeg;base64,") for thumbnail in table["Picture"])
    assert [error.value.split("\\")[0] for error in at.error] == ["torn", "x"]
    assert set(_readings(at).values()) == {"2"}


def test_a_zip_file_whose_reading_was_cut_off_is_read_on_from_there(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click while a long one was read began it anew."""
    asked: list[str] = []

    def cut_off_at_b(content: bytes, name: str) -> Prepared:
        asked.append(name)
        if asked == ["a.png", "b.png"]:
            st.stop()
        return prepare(content, name)

    monkeypatch.setattr(preparation, "prepared_once", cut_off_at_b)
    data = _zipped(*((f"{name}.png", photograph(2)) for name in "abc"))
    at = _upload(open_page("classify"), ("pictures.zip", data))
    at.run()

    assert asked == ["a.png", "b.png", "b.png", "c.png"]
    assert list(at.dataframe[0].value["File"]) == ["a.png", "b.png", "c.png"]


def test_names_that_say_classes_give_accuracies_and_a_matrix(open_page: OpenPage) -> None:
    data = _zipped(
        ("2/a.png", photograph(2)), ("four_1.png", photograph(4)), ("label_4-1.png", photograph(7))
    )

    at = _upload(open_page("classify"), ("pictures.zip", data))

    assert "of 3 pictures" in words(at)
    assert "Together 66.7%" in words(at)
    squares = charts(at)["confusion"]["data"]
    assert [i for i, texts in enumerate(zip(*(s["text"] for s in squares), strict=True)) if any(texts)] == [
        *(22, 44, 47)
    ]


def test_the_pictures_of_a_cell_can_be_chosen_without_a_click_into_the_matrix(open_page: OpenPage) -> None:
    data = _zipped(("4/a.png", photograph(4)), ("4/b.png", photograph(7)), ("7/c.png", photograph(7)))
    at = _upload(open_page("classify"), ("pictures.zip", data))
    assert at.selectbox(key="batch cell").options == [
        *("All pictures", "4 read as 7: 1", "4 rightly read: 1", "7 rightly read: 1")
    ]

    at.selectbox(key="batch cell").set_value((4, 7)).run()

    assert not at.exception
    assert _readings(at) == dict.fromkeys(_readings(at), "7")


def test_a_zip_file_without_a_picture_says_so(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("empty.zip", _zipped()))

    assert "no picture in the ZIP file" in at.info[0].value
    assert not at.metric


def test_a_damaged_zip_file_is_one_sentence(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("torn.zip", _zipped(("a.png", photograph(2)))[:500]))

    assert len(at.error) == 1
    assert "damaged" in at.error[0].value


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

    at = _upload(open_page("classify"), *files.items())

    rows = [row for rows in at.session_state["batch"][1].values() for row in rows]
    for result, row in zip(results, rows, strict=True):
        assert row.error == result.get("error", "")
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
    # The first is looked at, as any single picture is.
    assert at.metric[0].value == "".join(glyph["label"] for glyph in results[0]["glyphs"])
    assert at.error[0].value.replace("\\", "") == results[2]["error"]


def test_a_link_opens_with_the_answer_that_was_shared(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))
    link = next(code.value for code in at.code if "drawing=" in code.value)
    bars = [list(bar["x"]) for bar in _answers(at)["data"]]

    opened = open_page("classify", drawing=link.split("drawing=")[1])

    assert _readings(opened) == _readings(at)
    assert [list(bar["x"]) for bar in _answers(opened)["data"]] == bars


def test_who_turns_from_a_shared_drawing_to_an_empty_board_is_not_shown_its_answer(
    open_page: OpenPage,
) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(7)))
    link = next(code.value for code in at.code if "drawing=" in code.value)
    at = open_page("classify", drawing=link.split("drawing=")[1])
    assert at.metric

    at.button_group(key="source").set_value("draw").run()

    assert not at.metric
    assert "Bring a picture" in words(at)
    assert "drawing" not in at.query_params


@pytest.mark.parametrize("code", ["x", "not a code", "A" * 100_000])
def test_a_damaged_link_is_one_sentence(open_page: OpenPage, code: str) -> None:
    at = open_page("classify", drawing=code)

    assert len(at.error) == 1
    assert "link" in at.error[0].value
    assert not at.metric


def test_paper_without_ink_says_that_no_digit_was_found(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("paper.png", blank_paper()))

    assert "No digit was found" in at.info[0].value
    assert not at.metric


def test_no_network_chosen_is_a_hint(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(7)))

    at.button_group(key="classifiers").set_value([]).run()

    assert not at.exception
    assert "Choose at least one network" in at.info[0].value
    assert not at.metric


def test_one_network_alone_answers(open_page: OpenPage) -> None:
    at = _upload(open_page("classify"), ("photo.png", photograph(7)))

    at.button_group(key="classifiers").set_value(model_picker.choices("rnn")[:1]).run()

    assert not at.exception
    assert list(_readings(at)) == [model_picker.choices("rnn")[0].title]


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>.png", "**bold** [link](javascript:x) `c`.png"]
)
def test_a_file_name_cannot_become_markup(open_page: OpenPage, name: str) -> None:
    at = _upload(open_page("classify"), (name, b"no picture"))

    said = at.error[0].value
    for bad in ("<img", "**", "](", " `"):
        assert bad not in said.replace("\\" + bad[0], "")
    assert not any(name in text for text in words(at).splitlines())


def test_a_drawing_that_is_no_picture_is_taken_for_none(open_page: OpenPage) -> None:
    at = open_page("classify")

    at.button_group(key="source").set_value("draw").run()

    assert not at.exception
    assert not at.error
    assert "Bring a picture" in words(at)


def test_a_photograph_from_the_camera_is_read(open_page: OpenPage) -> None:
    at = open_page("classify")
    at.button_group(key="source").set_value("camera").run()
    if not hasattr(at, "camera_input"):
        pytest.skip("AppTest knows no camera before Streamlit 1.67, which Python 3.10 cannot have")

    at.camera_input[0].upload("photo.jpg", photograph(4)).run()

    assert not at.exception
    assert set(_readings(at).values()) == {"4"}


def test_a_trained_network_of_ones_own_is_offered_and_answers(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_runs, "mine", lambda: [own_cnn])
    at = open_page("classify")
    own = next(choice for choice in model_picker.choices("cnn") if choice.key == own_cnn.id)

    at.button_group(key="classifiers").set_value([own]).run()
    _upload(at, ("photo.png", photograph(7)))

    assert "your run" in own.title
    assert len(at.metric) == 1


def test_a_damaged_network_of_ones_own_is_left_out_and_harms_nothing(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_runs, "mine", lambda: [own_cnn])
    (own_cnn.bundle / "model.tflite").write_bytes(b"damaged")

    at = open_page("classify")

    assert own_cnn.id not in [choice.key for choice in model_picker.choices("cnn", "rnn")]
    assert set(_readings(_upload(at, ("photo.png", photograph(7)))).values()) == {"7"}


def test_networks_of_different_classes_answer_one_below_the_other(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_runs, "mine", lambda: [own_cnn])
    card = json.loads((own_cnn.bundle / "card.json").read_text(encoding="utf-8"))
    card["classes"] = [f"thing {k}" for k in range(10)]
    (own_cnn.bundle / "card.json").write_text(json.dumps(card), encoding="utf-8")
    at = open_page("classify")

    found = model_picker.choices("cnn", "rnn")
    own = next(choice for choice in found if choice.key == own_cnn.id)
    at.button_group(key="classifiers").set_value([*model_picker.default_pair(found), own]).run()
    _upload(at, ("photo.png", photograph(2, 7)))

    assert len(at.metric) == 4  # two that tell digits apart, both together, and one of its own
    assert len([key for key in charts(at) if key.startswith("answers")]) == 2
