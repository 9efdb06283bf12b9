from __future__ import annotations

import gzip
from pathlib import Path

import plotly
import pytest
from starlette.requests import Request

from pages.parts.components import plotly_library

FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


@pytest.mark.parametrize("accepted", [b"gzip, br", b""])
def test_a_browser_gets_plotly_packed_if_it_can_unpack_and_keeps_it_for_a_year(accepted: bytes) -> None:
    asked = Request({"type": "http", "headers": [(b"accept-encoding", accepted)]})
    sent = plotly_library.route("").endpoint(asked)
    packed = sent.headers.get("content-encoding") == "gzip"
    assert packed == (b"gzip" in accepted)
    assert (gzip.decompress(sent.body) if packed else sent.body) == FILE.read_bytes()
    assert "max-age=31536000" in sent.headers["cache-control"]


def test_another_version_of_plotly_has_another_address() -> None:
    assert plotly.__version__ in plotly_library.ADDRESS
    assert plotly_library.route("/lab").path == f"/lab/{plotly_library.ADDRESS}"
