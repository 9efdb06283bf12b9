"""Give links to the pages a title, a description and a picture, which other sites show beside a link.

Streamlit serves the same HTML for every page. The web server of the app (``st.App``) answers the pages'
addresses with that HTML and Open Graph's tags in its head. Crawlers read these without running any script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import file_util

from core.language import ENGLISH, N_, gettext, known, using
from pages.parts.components import plotly_library
from pages.parts.shared import server_start

NAME = "Deep Image Lab"
HOME = "home"  # the name of the picture of the page without a path
PICTURES = Path(__file__).parent / "link_pictures"  # written by python -m tests.browser.screenshots
WIDTH, HEIGHT = 1200, 630  # pixels, as most sites show them
_HOST = re.compile(r"[\w.:\[\]-]+")  # untrusted: it comes from the request


@dataclass(frozen=True)
class Preview:
    """What other sites show beside a link to a page."""

    title: str
    description: str


PREVIEWS = {  # by the page's path
    "": Preview(
        N_("Draw a digit and watch neural networks read it"),
        N_("A CNN and an RNN answer every stroke, and a GAN draws images. Free, in the browser, no account."),
    ),
    "classify": Preview(
        N_("Have your pictures read by neural networks"),
        N_("Photograph or draw digits, clothes or anything else; see what each network answers, and why."),
    ),
    "teach": Preview(
        N_("Teach a network your own classes"),
        N_("Show a few pictures of each class; the app learns to tell them apart while you add pictures."),
    ),
    "train": Preview(
        N_("Train a neural network and watch it learn"),
        N_("Choose a network and a data set, start the training, and follow loss and accuracy live."),
    ),
    "generate": Preview(
        N_("Images that nobody has drawn before"),
        N_("Travel through the images of a GAN: grids, interpolations, directions and the closest image."),
    ),
    "inside": Preview(
        N_("Look inside a neural network"),
        N_("Every kernel, sum and gate, computed with the real numbers from your own picture."),
    ),
    "remedies": Preview(
        N_("What makes a network more reliable"),
        N_("Measured remedies: augmentation, adversarial steps, pruning, fewer bits, and networks together."),
    ),
    "tour": Preview(
        N_("Deep learning and image generation in twenty minutes"),
        N_("A tour with live parts: convolution, pooling, training, RNNs and GANs, with questions to try."),
    ),
}


def routes() -> list[BaseRoute]:
    """Return the routes of the pages, of their pictures, and of plotly.js."""
    base = "/" + st.get_option("server.baseUrlPath").strip("/")
    prefix = base.rstrip("/")
    pages = [Route(f"{prefix}/{path}", _page, name=path or HOME) for path in PREVIEWS]
    pictures = Route(f"{prefix}/link-pictures/{{name}}.jpg", _picture)
    return [*pages, pictures, plotly_library.route(prefix)]


def _page(request: Request) -> Response:
    """Return Streamlit's HTML with the tags of the requested page, in the language of the link."""
    path = request.url.path.rpartition("/")[2]
    server_start.import_early(path or HOME)
    language = known(request.query_params.get("lang")) or ENGLISH
    content = _html().replace("</head>", f"{_tags(path, language, _address(request))}</head>", 1)
    title = escape(_preview(path, language).title)
    content = content.replace("<title>Streamlit</title>", f"<title>{title} · {NAME}</title>", 1)
    return HTMLResponse(content, headers={"Cache-Control": "no-cache"})


def _picture(request: Request) -> Response:
    name = request.path_params["name"]
    known_name = name if name in PREVIEWS else HOME
    return FileResponse(PICTURES / f"{known_name}.jpg", headers={"Cache-Control": "max-age=86400"})


def _preview(path: str, language: str) -> Preview:
    """Return the texts of a page in a language."""
    preview = PREVIEWS[path] if path in PREVIEWS else PREVIEWS[""]
    with using(language):
        return Preview(gettext(preview.title), gettext(preview.description))


def _tags(path: str, language: str, address: str) -> str:
    """Return the tags of a page in the head of its HTML."""
    preview = _preview(path, language)
    folder = address.rpartition("/")[0]
    properties = {
        "og:type": "website",
        "og:site_name": NAME,
        "og:title": preview.title,
        "og:description": preview.description,
        "og:url": address,
        "og:image": f"{folder}/link-pictures/{path or HOME}.jpg",
        "og:image:width": str(WIDTH),
        "og:image:height": str(HEIGHT),
        "og:image:alt": preview.title,
    }
    tags = [f'<meta property="{name}" content="{escape(value)}" />' for name, value in properties.items()]
    description = escape(preview.description)
    return "".join(
        (
            *tags,
            f'<meta name="description" content="{description}" />',
            '<meta name="twitter:card" content="summary_large_image" />',
        )
    )


def _address(request: Request) -> str:
    """Return the page's address as the visitor's browser knows it, behind a proxy too."""
    host = request.headers.get("x-forwarded-host", request.headers.get("host", "localhost"))
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    safe_host = host if _HOST.fullmatch(host) else "localhost"
    return f"{'https' if scheme == 'https' else 'http'}://{safe_host}{request.url.path}"


@cache
def _html() -> str:
    return (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
