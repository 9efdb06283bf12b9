from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract.link_text import from_text, to_text


@given(st.binary(max_size=50))
def test_bytes_are_read_back_from_text_that_needs_no_escaping(content: bytes) -> None:
    text = to_text(content)
    assert re.fullmatch(r"[A-Za-z0-9_-]*", text)
    assert from_text(text, most=len(text)) == content


@pytest.mark.parametrize("text", ["a", "a b", "ä", "YWJj\n", "a" * 9])
def test_other_text_and_text_that_is_too_long_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (base64 has several sentences)
        from_text(text, most=8)
