from __future__ import annotations

import pytest
import requests
from streamlit import net_util
from streamlit.web.server.server_util import is_url_from_allowed_origins

from pages.parts.shared.outgoing import stop_address_queries


def test_a_web_socket_of_another_site_is_refused_without_asking_anybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def ask(url: str, **_: object) -> None:
        asked.append(url)
        raise requests.ConnectionError

    monkeypatch.setattr(requests, "get", ask)
    monkeypatch.setattr(net_util, "_external_ip", None)
    assert not is_url_from_allowed_origins("https://evil.example")
    assert asked, "Streamlit no longer asks: delete stop_address_queries"
    asked.clear()

    stop_address_queries()

    assert not is_url_from_allowed_origins("https://evil.example")
    assert asked == []
