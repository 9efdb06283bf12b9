from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.errors import RunError
from pages.parts.shared.error_messages import WORD_JOINER, escape_markdown, sentence, without_folders


@pytest.mark.parametrize(
    "text",
    [
        "**b**",
        "[a](javascript:x)",
        "<img src=x>",
        "$x$",
        ":material/delete:",
        "a_b_c",
        "&lt;",
        "x! ![y](//z)",
    ],
)
def test_every_character_of_markdown_is_escaped(text: str) -> None:
    escaped = escape_markdown(text)

    assert escaped.replace("\\", "").replace(WORD_JOINER, "") == text
    special = [i for i, character in enumerate(escaped) if character in "*_[]()<>$:&!"]
    assert special
    assert all(escaped[i - 1] == "\\" for i in special)


@pytest.mark.parametrize(
    "text",
    [
        "www.evil.example/login",
        "WWW.evil.example",
        "http://evil.example",
        "https://evil.example",
        "mail a@b.example now",
        ":smile:",
        ":material/delete:",
        ":red[x]",
        "a -> b",
        "<- x",
        "a <-> b",
        "a -- b",
        "a >= b",
    ],
)
def test_what_streamlit_finds_in_finished_text_is_broken_up(text: str) -> None:
    """Without backslashes, which Markdown takes away, none of Streamlit's patterns fits the text."""
    patterns = (
        r"(https?://|www(?=\.))([-.\w]+)",
        r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)",
        r":[\w+/-]+:",
        r":\w+\[",
        r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
    )
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escape_markdown(text))

    assert any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)
    assert not any(re.search(pattern, shown, re.IGNORECASE) for pattern in patterns)


def test_lines_and_indents_begin_no_block_and_nothing_turns_the_text_round() -> None:
    assert escape_markdown("    a\n\n    b\u202ec\x00") == "a bc\N{REPLACEMENT CHARACTER}"
    assert escape_markdown("Ready: 1") == "Ready\\: 1", "a colon before a space is left as it is"


def test_errors_name_no_folder_of_the_server(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    told = without_folders(f"{folder}/x/status.json: [Errno 13] Denied: '/srv/my app/a/x.json' (and/or).")

    assert str(tmp_path) not in told
    assert "/srv" not in told
    assert "status.json" in told
    assert "x.json' (and/or)." in told
    assert "srv" not in sentence(RunError("runs.disk_full", folder="/srv/deep/runs"))
    assert without_folders("see https://a.example/b/c") == "see https://a.example/b/c"
