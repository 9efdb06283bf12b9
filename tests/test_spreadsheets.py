from __future__ import annotations

import pytest

from core.spreadsheets import plain_cell


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)"),
        *("\t=1", "\r=1", " =1", "\n=1", "\x00=1"),
        *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20A1", "\ufe631", "\ufe621", "\u22121"),
        *("\u200b=1", "\ufeff=1", "\xa0=1", "\u3000=1", "\u2060=1", "\xad=1", "\u202e=1"),
        *("\u3164=1", "\u2800=1", "\ufe0f=1", "\u034f=1", "\U000e0100=1", "\U000e0001=1"),
    ],
)
def test_a_formula_becomes_text(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "mine", "a=b", "1-2", "–", "'=1", "é", "数"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert plain_cell(text) == text
