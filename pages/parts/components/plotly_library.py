"""Serve the plotly.js of Python's plotly, so that a browser loads its 4.8 MB once and not at every visit.

Streamlit would pack and send a component's file at every visit, 0.2 s of processor time, since it sends no
header by which browsers may keep it.
Nothing here imports Python's plotly, which the web server does not need.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ADDRESS = f"plotly-{version('plotly')}.min.js"  # below the app's address; another version has another one
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def route(prefix: str) -> Route:
    """Return the route of the file below a prefix that does not end with a slash."""
    return Route(f"{prefix}/{ADDRESS}", _send)


def _send(request: Request) -> Response:
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = {**_HEADERS, "Content-Encoding": "gzip"}
        return Response(_packed(), media_type="text/javascript", headers=headers)
    return Response(_content(), media_type="text/javascript", headers=_HEADERS)


@cache
def _packed() -> bytes:
    return gzip.compress(_content())


def _content() -> bytes:
    return Path(str(distribution("plotly").locate_file("plotly/package_data/plotly.min.js"))).read_bytes()
