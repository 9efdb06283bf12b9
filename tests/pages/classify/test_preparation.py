from __future__ import annotations

import pytest

from tests.pages.classify.visits import upload
from tests.pages.conftest import OpenPage
from tests.pages.looks import words


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_one_sentence(open_page: OpenPage, content: bytes) -> None:
    at = upload(open_page("classify"), ("file.png", content))

    assert len(at.error) == 1
    assert not at.metric


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>.png", "**bold** [link](javascript:x) `c`.png"]
)
def test_a_file_name_cannot_become_markup(open_page: OpenPage, name: str) -> None:
    at = upload(open_page("classify"), (name, b"no picture"))

    said = at.error[0].value
    for bad in ("<img", "**", "](", " `"):
        assert bad not in said.replace("\\" + bad[0], "")
    assert not any(name in text for text in words(at).splitlines())
