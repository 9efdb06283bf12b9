"""Show the pictures of a class, to be selected and then moved to another class or removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.language import gettext, ngettext
from pages.parts.components.component_data import unsearched

_CSS = """
.shelf { font-family: var(--st-font); color: var(--st-text-color); font-size: 0.875rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(58px, 1fr)); gap: 6px; }
.picture { position: relative; padding: 0; border: 0; background: var(--st-secondary-background-color);
  aspect-ratio: 1; border-radius: calc(var(--st-base-radius) / 2); overflow: hidden; min-width: 0; }
button.picture { cursor: pointer; }
.picture img { width: 100%; height: 100%; object-fit: cover; display: block; }
.picture[aria-pressed="true"] { outline: 3px solid var(--st-primary-color); outline-offset: -3px; }
.picture[aria-pressed="true"] img { opacity: 0.6; }
.picture:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
.mark { position: absolute; right: 3px; top: 3px; width: 1.1rem; height: 1.1rem; line-height: 1.1rem;
  border-radius: 50%; background: #d97706; color: #fff; font-size: 0.75rem; font-weight: 700;
  text-align: center; }
.mark.mild { background: rgba(0, 0, 0, 0.55); }
.tools { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; min-height: 2.1rem;
  margin-top: 6px; }
.tools span { opacity: 0.75; }
.tools button, select { font: inherit; color: inherit; background: transparent; padding: 0.2rem 0.6rem;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); cursor: pointer;
  max-width: 100%; }
option { color: var(--st-text-color); background: var(--st-background-color); }
.tools button:hover, select:hover, .tools :focus-visible { border-color: var(--st-primary-color); }
[hidden] { display: none !important; }
"""
_COMPONENT = st.components.v2.component(
    "picture_shelf",
    html='<div class="shelf"><div class="pictures"></div><div class="tools"></div></div>',
    css=_CSS,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class ShelfPicture:
    """A picture on the shelf."""

    id: str
    url: str  # of its thumbnail
    name: str
    mark: str = ""  # why it is pointed out, if it is
    mild: bool = False  # whether the reason is no cause for concern


def shelf(
    pictures: Sequence[ShelfPicture],
    *,
    key: str,
    others: Mapping[int, str],
    on_remove: Callable[[list[str]], None] | None = None,
    on_move: Callable[[list[str], int], None] | None = None,
    count: int | None = None,
) -> None:
    """Draw the pictures; without ``on_remove`` and ``on_move`` they cannot be selected.

    Args:
        pictures: to show.
        key: of the component.
        others: the names of the classes to which pictures can be moved, by number.
        on_remove: is called with the ids of the pictures to remove, before the page runs again.
        on_move: is called with the ids of the pictures to move and the number of the class.
        count: pictures of the class, if not all are shown.
    """

    def acted() -> None:
        found = _act(st.session_state[key].act, {one.id for one in pictures}, others)
        if found is None or on_remove is None or on_move is None:
            return
        ids, to = found
        if to is None:
            on_remove(ids)
        else:
            on_move(ids, to)

    _COMPONENT(
        data=unsearched(
            {
                "pictures": [asdict(one) for one in pictures],
                "others": [[number, name] for number, name in others.items()],
                "editable": on_remove is not None,
                "texts": _texts(len(pictures) if count is None else count),
            }
        ),
        key=key,
        on_act_change=acted,
    )


def _texts(count: int) -> dict[str, str]:
    counted = ngettext("{count:,} picture", "{count:,} pictures", count)
    return {
        "count": counted,
        "hint": gettext("{counted}. Select some to move or remove them.", counted=counted),
        "selected": gettext("{count} selected"),
        "remove": gettext("Remove"),
        "move": gettext("Move to …"),
        "cancel": gettext("Cancel"),
    }


def _act(answer: Any, known: set[str], others: Mapping[int, str]) -> tuple[list[str], int | None] | None:
    """Return the pictures to move and their class, None to remove them. Untrusted: a browser sends it."""
    if not isinstance(answer, dict) or not isinstance(answer.get("pictures"), list):
        return None
    ids = [one for one in answer["pictures"] if isinstance(one, str) and one in known]
    to = answer.get("to")
    if not ids or not (to is None or (isinstance(to, int) and not isinstance(to, bool) and to in others)):
        return None
    return list(dict.fromkeys(ids)), to
