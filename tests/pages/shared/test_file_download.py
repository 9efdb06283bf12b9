from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import ROOT

SCRIPT = """
from pages.parts.shared.file_download import download_button

download_button("Download", lambda: 1 / 0, "a.bin", "application/octet-stream", key="download")
"""


def test_no_file_is_made_before_it_is_asked_for():
    at = AppTest.from_string(SCRIPT).run()
    assert [button.key for button in at.get("download_button")] == ["download"]
    assert not at.exception


def test_no_page_offers_a_file_in_another_way() -> None:
    pages = (ROOT / "pages").rglob("*.py")
    offering = {path.stem for path in pages if "st.download_button" in path.read_text(encoding="utf-8")}

    assert offering == {"file_download", "prepared_downloads"}
