from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import ROOT

SCRIPT = """
from pages.parts.shared.file_download import download_button

download_button("Download", lambda: 1 / 0, "a.bin", "application/octet-stream", key="download")
"""

OF_THE_SESSION = """
import streamlit as st
from pages.parts.shared.file_download import download_button

st.session_state["typed"] = "true answer"
download_button("Download", lambda: st.session_state["typed"].encode(), "a.txt", "text/plain", key="download")
"""


def test_a_file_is_made_of_the_visitors_state_though_another_thread_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offered: list[Callable[[], bytes]] = []
    monkeypatch.setattr(st, "download_button", lambda _, data, *__, **___: offered.append(data))
    AppTest.from_string(OF_THE_SESSION).run()
    made: list[Any] = []

    asking = threading.Thread(target=lambda: made.append(offered[0]()))
    asking.start()
    asking.join()

    assert made == [b"true answer"]


def test_no_file_is_made_before_it_is_asked_for():
    at = AppTest.from_string(SCRIPT).run()
    assert [button.key for button in at.get("download_button")] == ["download"]
    assert not at.exception


def test_no_page_offers_a_file_in_another_way() -> None:
    pages = (ROOT / "pages").rglob("*.py")
    offering = {path.stem for path in pages if "st.download_button" in path.read_text(encoding="utf-8")}

    assert offering == {"file_download", "prepared_downloads"}
