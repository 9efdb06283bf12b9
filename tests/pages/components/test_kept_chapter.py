from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.pages.components.conftest import Browser, Mounted


@pytest.mark.parametrize(("answer", "chapter"), [("rnn", "rnn"), (7, None), (None, None)])
def test_the_browser_keeps_the_open_chapter_and_reports_the_last_one(
    mounted: Mounted, browser: Browser, session: dict[str, Any], answer: Any, chapter: str | None
) -> None:
    component = mounted("kept_chapter")
    component.keep("gan")
    session[browser.sent[-1]["key"]] = SimpleNamespace(last=answer)

    assert browser.data == {"open": "gan"}
    assert component.kept() == chapter
