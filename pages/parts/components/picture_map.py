"""Draw pictures as points on a plane, of which the pointer shows one: a component of this app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.class_sets.picture_sheet import PictureSheet
from core.figures.theme import CLASSES
from core.language import gettext
from pages.parts.components import saving

DIGITS = 3  # decimals of a coordinate: a thousandth is less than a pixel

_CSS = """
.map { position: relative; font-family: var(--st-font); color: var(--st-text-color); font-size: 0.875rem; }
canvas { width: 100%; aspect-ratio: 4 / 3; display: block; color: var(--st-text-color); cursor: pointer;
  background: var(--st-secondary-background-color); border-radius: var(--st-base-radius);
  touch-action: pan-y; }
canvas:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
.card { position: absolute; left: 0; top: 0; pointer-events: none; padding: 4px; width: 120px;
  box-sizing: border-box; background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius); box-shadow: 0 2px 8px rgba(0, 0, 0, 0.3); }
.card div { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.card .picture { width: 112px; height: 112px; box-sizing: border-box; border-bottom: 4px solid; }
.card .class { font-weight: 600; }
.card .file { font-size: 0.75rem; opacity: 0.75; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 0.5rem; margin-top: 0.5rem; }
.legend button { font: inherit; color: inherit; background: transparent; cursor: pointer; display: flex;
  align-items: center; gap: 0.35rem; padding: 0.1rem 0.5rem; border: 1px solid transparent; max-width: 100%;
  border-radius: var(--st-button-radius); overflow-wrap: anywhere; text-align: start; }
.legend button:hover, .legend button[aria-pressed="true"] { border-color: var(--st-border-color); }
.legend button[aria-pressed="true"] { font-weight: 600; }
.legend button:focus-visible { outline: 2px solid var(--st-primary-color); }
.legend i { width: 0.8rem; height: 0.8rem; border-radius: 50%; flex: none; background: currentColor; }
.legend i.square { border-radius: 0; }
.legend i.dashed { border-radius: 0; background: none; border: 2px dashed currentColor;
  box-sizing: border-box; }
[hidden] { display: none !important; }
"""
_COMPONENT = st.components.v2.component(
    "picture_map",
    html="""<div class="map"><canvas role="application" tabindex="0"></canvas>
<div class="card" hidden><div class="picture"></div><div class="class"></div><div class="file"></div></div>
<div class="legend"></div>"""
    + saving.HTML
    + "</div>",
    css=_CSS + saving.CSS,
    js=saving.JAVASCRIPT + Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class MappedPicture:
    """A picture's place on the map, each coordinate from −1 to 1, and what is said of it."""

    x: float
    y: float
    label: int  # number of its class
    file: str  # the name that its file had


def picture_map(
    pictures: Sequence[MappedPicture],
    sheet: PictureSheet,
    names: Sequence[str],
    *,
    key: str,
    alt: str,
    chosen: int | None,
    on_choose: Callable[[int], None],
) -> None:
    """Draw the map.

    Args:
        pictures: on the map.
        sheet: small copies of the pictures, in the same order.
        names: of the classes.
        key: of the component.
        alt: what screen readers say.
        chosen: the number of the picture that is marked.
        on_choose: is called with the number of a picture before the page runs again.
    """

    def answered() -> None:
        picture = _picture(st.session_state[key].chosen, len(pictures))
        if picture is not None:
            on_choose(picture)

    _COMPONENT(
        data={
            "points": [[round(one.x, DIGITS), round(one.y, DIGITS)] for one in pictures],
            "labels": [one.label for one in pictures],
            "names": list(names),
            "files": [one.file for one in pictures],
            "colours": list(CLASSES),
            "sheet": {"url": sheet.url, "columns": sheet.columns, "side": sheet.side},
            "chosen": chosen,
            "alt": alt,
            "texts": {"only": gettext("Show this class only")},
            "saving": saving.offer("map"),
        },
        key=key,
        on_chosen_change=answered,
    )


def _picture(answer: Any, count: int) -> int | None:
    """Return the number of a picture, None if it is none. Untrusted: it comes from the browser."""
    number = answer.get("picture") if isinstance(answer, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number < count else None
