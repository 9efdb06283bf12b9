from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette

from pages.parts.shared.link_previews import PREVIEWS, routes
from tests.pages.conftest import ROOT

APP = Starlette(routes=routes())


def fetch(url: str, **headers: str) -> tuple[int, bytes]:
    """Return the status and the body that a crawler gets; underscores in names of headers mean dashes."""
    parts = urlsplit(url)
    given = {"host": parts.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": parts.scheme,
        "path": parts.path,
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    sent: list[dict[str, Any]] = []

    asked = iter([{"type": "http.request"}])

    async def receive() -> dict[str, Any]:
        return next(asked, None) or await asyncio.Event().wait()  # the crawler stays for the answer

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as pool:  # Playwright's loop may run in this thread
        pool.submit(asyncio.run, APP(scope, receive, send)).result()
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


def tags(url: str, **headers: str) -> dict[str, str]:
    head = fetch(url, **headers)[1].decode().partition("</head>")[0]
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', head)
    return {name: unescape(content) for name, content in found}


def test_every_page_has_a_preview() -> None:
    files = {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert files <= {path or "home" for path in PREVIEWS}


@pytest.mark.parametrize("path", PREVIEWS)
def test_a_crawler_finds_a_title_a_description_and_a_picture_that_exists(path: str) -> None:
    address = f"https://lab.example/{path}"
    status, content = fetch(f"{address}?run=x")
    found = tags(address)

    assert status == 200
    assert b'<div id="root">' in content, "Streamlit's own page must still be there"
    assert found["og:title"] == PREVIEWS[path].title
    assert found["og:description"] == found["description"] == PREVIEWS[path].description
    assert found["og:url"] == address
    status, picture = fetch(found["og:image"])
    assert (status, picture[:3]) == (200, b"\xff\xd8\xff")


def test_a_proxy_names_the_address_and_a_strange_host_is_not_repeated() -> None:
    behind = {"x_forwarded_host": "public.example", "x_forwarded_proto": "https"}
    assert tags("http://inner/", **behind)["og:url"] == "https://public.example/"
    assert tags("http://inner/", x_forwarded_host='"><script>')["og:url"] == "http://localhost/"
