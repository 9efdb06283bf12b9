"""Take pictures with the visitor's camera: while a button is held, or one after another for answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from core.images.encode import from_data_url
from core.language import gettext
from pages.parts.components.component_data import unsearched

SIDE = 224  # pixels of a picture's shorter side, which is what networks get
PER_SECOND = 8  # pictures while the button is held
MOST_PICTURES = 64  # of one recording
PAUSE = 250  # milliseconds between two pictures that are answered
MAX_CHARACTERS = 300_000  # of a picture; one takes some 15,000

_HTML = """
<div class="camera">
  <div class="view"><video autoplay muted playsinline></video><span class="count" hidden></span></div>
  <div class="tools">
    <button type="button" class="shoot"></button>
    <button type="button" class="turn" hidden></button>
  </div>
  <p role="status"></p>
</div>
"""
_CSS = """
.camera { font-family: var(--st-font); color: var(--st-text-color); max-width: 320px; }
.view { position: relative; aspect-ratio: 4 / 3; background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); overflow: hidden; }
video { width: 100%; height: 100%; object-fit: cover; display: block; }
.count { position: absolute; right: 0.5rem; top: 0.5rem; background: #b91c1c; color: #fff; font-weight: 600;
  border-radius: 1rem; padding: 0 0.6rem; line-height: 1.6rem; }
.tools { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.5rem; }
button { font: inherit; color: inherit; background: transparent; padding: 0.4rem 0.9rem; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
.shoot { flex: 1; touch-action: none; user-select: none; -webkit-user-select: none; }
.shoot.on { background: #b91c1c; border-color: #b91c1c; color: #fff; }
button:hover:enabled, button:focus-visible { border-color: var(--st-primary-color); }
button:disabled { opacity: 0.4; cursor: default; }
p { font-size: 0.875rem; margin: 0.4rem 0 0; min-height: 1.3em; opacity: 0.8; }
[hidden] { display: none !important; }
"""
_COMPONENT = st.components.v2.component(
    "camera", html=_HTML, css=_CSS, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def record(key: str) -> list[bytes]:
    """Draw the camera with a button to hold; return the pictures of a recording once, as JPEG files."""
    result = _COMPONENT(key=key, data=_data(live=False, answered=0), on_pictures_change=lambda: None)
    if not isinstance(result.pictures, list):
        return []
    found = [_picture(one) for one in result.pictures[:MOST_PICTURES]]
    return [one for one in found if one is not None]


def waiting(key: str) -> tuple[int, bytes] | None:
    """Return the number and the JPEG file of the live picture that came last; None before the first."""
    frame = getattr(st.session_state.get(key), "frame", None)
    if not isinstance(frame, dict) or type(frame.get("number")) is not int:
        return None
    picture = _picture(frame.get("picture"))
    return None if picture is None else (frame["number"], picture)


def watch(key: str, answered: int) -> None:
    """Draw the camera, which sends a picture for ``waiting`` once the one before was answered, by its number.

    Call this after the answer, because a picture that comes meanwhile would end the run.
    """
    _COMPONENT(key=key, data=_data(live=True, answered=answered), on_frame_change=lambda: None)


def refused() -> str:
    """Return what to do where the browser refuses the camera."""
    return gettext("The browser does not allow the camera; allow it in the address bar, or upload pictures.")


def _picture(url: object) -> bytes | None:
    return from_data_url(url, "data:image/jpeg;base64,", MAX_CHARACTERS)


def _data(*, live: bool, answered: int) -> tuple[dict[str, Any]]:
    return unsearched(
        {
            "live": live,
            "answered": answered,
            "side": SIDE,
            "interval": 1000 / PER_SECOND,
            "most": MOST_PICTURES,
            "pause": PAUSE,
            "texts": {
                "hold": gettext("Hold to record"),
                "turn": gettext("Other camera"),
                "opening": gettext("Opening the camera …"),
                "hint": gettext("Hold the button, or the space bar, and move the thing a little."),
                "full": gettext("{count} pictures taken, the most that one recording holds."),
                "taken": gettext("Pictures taken: {count}"),
                "refused": refused(),
                "none": gettext("No camera was found; connect one, or upload pictures."),
                "insecure": gettext(
                    "Browsers open the camera only on pages whose address begins with https; upload pictures."
                ),
                "busy": gettext("The camera cannot be opened; another program may be using it."),
            },
        }
    )
