"""Draw a picture with a box around each glyph; a tap on a box chooses its glyph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.components.component_data import unsearched

_CSS = """
.frame { --most: 27rem; position: relative; isolation: isolate;
  width: min(100%, max(9rem, calc(var(--most) * var(--ratio))));
  aspect-ratio: var(--ratio); font-family: var(--st-font); }
.wide { --most: 16rem; }
img { width: 100%; height: 100%; display: block; border-radius: calc(var(--st-base-radius) / 2); }
.coarse img { image-rendering: pixelated; }
.box { --line: #4f46e5; position: absolute; box-sizing: content-box; margin: -4px; padding: 2px;
  background: transparent; border: 2px solid var(--line); border-radius: 3px; cursor: pointer;
  font: inherit; box-shadow: 0 0 0 1px rgba(255, 255, 255, 0.7); }
.box.unsure { --line: #b45309; border-style: dashed; border-radius: 0; }
.box.unknown { --line: #be123c; border-style: dotted; border-width: 3px; margin: -5px;
  border-radius: 0.7em; }
.box.mark { --line: #52525b; border-style: dotted; border-radius: 0; }
.box:hover { background: color-mix(in srgb, var(--line) 14%, transparent); }
.box[aria-pressed="true"] { box-shadow: 0 0 0 1px #fff, 0 0 0 4px var(--line);
  background: color-mix(in srgb, var(--line) 12%, transparent); }
.box:focus-visible { outline: 3px solid #fff; outline-offset: 2px; box-shadow: 0 0 0 7px #1e1b2e; }
.tag { position: absolute; left: -2px; bottom: 100%; margin-bottom: 1px; padding: 0 0.3em;
  border-radius: 0.25em; background: var(--line); color: #fff; font-size: var(--tag, 12px);
  line-height: 1.3; white-space: nowrap; pointer-events: none; }
.inside .tag { bottom: auto; top: 100%; margin: 1px 0 0; }
.tag small { font-size: 0.6em; opacity: 0.85; margin-left: 0.3em; vertical-align: 0.35em; }
.short .tag small { display: none; }
"""
_COMPONENT = st.components.v2.component(
    "picture_boxes",
    html='<div class="frame" role="group"><img alt=""></div>',
    css=_CSS,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)

MARK = "mark"  # how a box is drawn that was left out; others are drawn by their verdict


@dataclass(frozen=True)
class GlyphBox:
    """A glyph's place in the picture, and what is said of it."""

    edges: tuple[int, int, int, int]  # left, top, right, bottom in pixels of the original
    text: str  # the answer
    number: str
    doubt: str  # "read", "unsure" or "unknown"; or MARK
    title: str  # what screen readers say, and what the pointer shows


@dataclass(frozen=True)
class BoxedPicture:
    """A picture and the boxes on it."""

    url: str  # a data URL of the picture, in any size
    size: tuple[int, int]  # width and height of the original, of which the boxes are places
    boxes: Sequence[GlyphBox]  # of the glyphs, in reading order
    marks: Sequence[GlyphBox]  # of what was left out
    wide: bool = False  # it has the page's width, and not much of its height


def picture_boxes(
    picture: BoxedPicture,
    *,
    key: str,
    alt: str,
    chosen: int | None,
    on_choose: Callable[[int], None],
    on_bring_back: Callable[[int], None],
) -> None:
    """Draw the picture with its boxes.

    Args:
        picture: and its boxes.
        key: of the component.
        alt: what screen readers say.
        chosen: the number of the glyph that is marked, from 0.
        on_choose: is called with the number of a box that was chosen, before the page runs again.
        on_bring_back: is called with the number of a mark.
    """

    def answered() -> None:
        number = _number(st.session_state[key].chosen, "glyph", len(picture.boxes))
        if number is not None:
            on_choose(number)

    def brought_back() -> None:
        number = _number(st.session_state[key].brought, "mark", len(picture.marks))
        if number is not None:
            on_bring_back(number)

    _COMPONENT(
        data=unsearched(
            {
                **vars(picture),  # ``asdict`` copies each number
                "boxes": [vars(box) for box in picture.boxes],
                "marks": [vars(mark) for mark in picture.marks],
                "alt": alt,
                "chosen": chosen,
            }
        ),
        key=key,
        on_chosen_change=answered,
        on_brought_change=brought_back,
    )


def _number(answer: Any, name: str, count: int) -> int | None:
    """Return a number below ``count``, None if there is none. Untrusted: it comes from the browser."""
    number = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number < count else None
