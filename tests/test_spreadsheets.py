from __future__ import annotations

import pytest

from core.spreadsheets import plain_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_formula_becomes_text(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "mine", "a=b", "1-2"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert plain_cell(text) == text
