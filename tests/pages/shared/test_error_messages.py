from __future__ import annotations

import pytest

from pages.parts.shared.error_messages import escape_markdown


@pytest.mark.parametrize(
    "text", ["**b**", "[a](javascript:x)", "<img src=x>", "$x$", ":material/delete:", "a_b_c"]
)
def test_every_character_of_markdown_is_escaped(text: str) -> None:
    escaped = escape_markdown(text)

    assert escaped.replace("\\", "") == text
    special = [i for i, character in enumerate(escaped) if character in "*_[]()<>$:"]
    assert special
    assert all(escaped[i - 1] == "\\" for i in special)
