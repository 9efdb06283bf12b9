from __future__ import annotations

import pytest

from core import language


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a, b"), (["a", "{b}", "c"], "a, {b}, c")]
)
def test_a_list_in_a_sentence_is_separated_by_commas_in_english(items, text):
    assert language.join(items) == text


def test_a_translation_may_change_the_separators_of_a_list(monkeypatch):
    monkeypatch.setattr(
        language, "gettext", lambda message, /, **values: message.replace(", ", "、").format(**values)
    )
    assert language.join(["a", "b", "c"]) == "a、b、c"


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0, "<0.1 %"),
        (0.0006, "0.1 %"),
        (0.5, "50.0 %"),
        (0.9994, "99.9 %"),
        (0.99951, ">99.9 %"),
        (1, ">99.9 %"),
    ],
)
def test_a_probability_is_never_told_as_certain_or_impossible(probability, text):
    assert language.percent(probability) == text
