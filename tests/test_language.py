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
