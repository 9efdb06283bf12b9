from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from core.language import percent
from core.runs import Run
from pages.parts.classify.boxed_picture import GLYPH
from pages.parts.shared import model_picker, own_runs
from tests.pages.classify.visits import (
    DIGITS,
    bars,
    boxes,
    chart_of_answers,
    long_readings,
    readings,
    run_with_sections,
    upload,
)
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, pictures
from tests.pictures import blank_paper, encoded, photograph


def test_an_uploaded_photograph_is_read_by_cnn_and_rnn(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))

    pair = model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    read = [model_picker.classifier(choice).card.title for choice in pair]
    assert list(readings(at))[1:] == read
    assert list(readings(at).values()) == ["247"] * 3
    assert not at.error


def test_readings_and_chart_have_the_networks_in_the_same_order(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(4)))

    chart = chart_of_answers(at)
    from_above = [bars["name"] for bars in reversed(chart["data"])]  # horizontal bars grow from below
    together, *others = readings(at)
    assert from_above == [*others, together]
    assert chart["layout"]["legend"]["traceorder"] == "reversed"


def test_each_glyph_of_several_has_its_probabilities(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))

    run_with_sections(at, f"each glyph {DIGITS}")
    table = at.dataframe[0].value
    assert list(table["number"]) == [1, 2, 3]
    assert list(table["answer 2"]) == ["2", "4", "7"]
    shown = [column for column in table if column.startswith("probability")]
    assert len(shown) == 3
    assert set(table[shown].to_numpy().ravel()) == {percent(1)}


def test_a_page_of_several_lines_is_read_line_by_line(open_page: OpenPage) -> None:
    line = Image.open(io.BytesIO(photograph(2, 4, 7))).resize((900, 300))
    sheet = Image.new("L", (900, 1500))
    for i in range(5):
        sheet.paste(line, (0, 300 * i))

    at = upload(open_page("classify"), ("page.png", encoded(sheet)))

    assert long_readings(at) == ["\n".join(["247"] * 5)]
    assert not at.metric


def test_paper_without_ink_shows_a_hint_and_no_answer(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("paper.png", blank_paper()))

    assert len(at.info) == 1
    assert not at.metric


def test_a_single_network_can_answer(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(7)))

    at.button_group(key="classifiers digit").set_value([model_picker.choices("rnn")[0].key]).run()

    assert not at.exception
    assert list(readings(at)) == [model_picker.choices("rnn")[0].title]


def test_networks_with_different_classes_have_answers_of_their_own(
    open_page: OpenPage, own_cnn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_runs, "runs", lambda: [own_cnn])
    card = json.loads((own_cnn.bundle / "card.json").read_text(encoding="utf-8"))
    card["classes"] = [f"thing {k}" for k in range(10)]
    (own_cnn.bundle / "card.json").write_text(json.dumps(card), encoding="utf-8")
    at = upload(open_page("classify"), ("photo.png", photograph(2, 7)))

    pair = model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    at.button_group(key="classifiers digit").set_value([*(c.key for c in pair), own_cnn.id]).run()

    assert len(at.metric) == 4  # two that tell digits apart, both together, and one of its own
    run_with_sections(at, f"each network {DIGITS}", f"each network {','.join(card['classes'])}")
    assert len([key for key in charts(at) if key.startswith("answers")]) == 2


def test_another_digit_of_the_picture_can_be_chosen(open_page: OpenPage) -> None:
    at = upload(open_page("classify"), ("photo.png", photograph(2, 4, 7)))
    first = pictures(at)
    assert next(iter(bars(at))) == "2"
    assert [box["text"] for box in boxes(at)["boxes"]] == ["2", "4", "7"]

    at.button_group(key=GLYPH).set_value(2).run()

    assert not at.exception
    assert pictures(at) != first
    assert next(iter(bars(at))) == "7"
    assert boxes(at)["chosen"] == 2
    upload(at, ("other.png", photograph(4, 2)))
    assert boxes(at)["chosen"] == 0, "another picture begins again"
