from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.pages.components.conftest import Browser, Mounted


def test_the_browser_is_asked_with_what_the_server_knows_and_its_answer_is_found_again(
    mounted: Mounted, browser: Browser, session: dict[str, Any]
) -> None:
    component = mounted("browser_secret")
    heard: list[object] = []
    component.ask("a", "b", True, lambda: heard.append(component.answer()))

    assert browser.data == {"offered": "a", "known": "b", "started": True}
    assert component.answer() is None
    session[browser.sent[-1]["key"]] = SimpleNamespace(secrets="c d")
    browser.sent[-1]["on_secrets_change"]()
    assert heard == ["c d"]
