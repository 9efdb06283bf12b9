"""Which chapter is open: the one in the link, else the one that this browser opened last."""

from __future__ import annotations

import streamlit as st

from core.language import gettext, ngettext
from pages.parts.components import kept_chapter
from pages.parts.tour.chapters import BY_ID, CHAPTERS, Chapter

LINK = "chapter"
_CHOICE = "tour chapter"  # key of the list of chapters
_LAST = "last chapter"  # in the session's state: the chapter that a link opened last


def chosen() -> Chapter:
    """Show the list of chapters with buttons to the one before and the next; return the open chapter."""
    linked = st.query_params.get(LINK)
    if linked is not None:
        st.session_state[_LAST] = linked
    current = BY_ID.get(st.session_state.get(_LAST) or kept_chapter.kept() or "", CHAPTERS[0])
    number = CHAPTERS.index(current)
    st.session_state[_CHOICE] = current.id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            gettext("Chapter"), list(BY_ID), format_func=_title, key=_CHOICE, on_change=_take, width=420
        )
        _step("chapter back", gettext("Back"), ":material/arrow_back:", number - 1)
        _step("chapter next", gettext("Next"), ":material/arrow_forward:", number + 1)
        minutes = sum(chapter.minutes for chapter in CHAPTERS[number:])
        st.caption(ngettext("About {count} minute to the end", "About {count} minutes to the end", minutes))
    kept_chapter.keep(current.id)
    return current


def _step(key: str, label: str, icon: str, number: int) -> None:
    inside = 0 <= number < len(CHAPTERS)
    target = CHAPTERS[number].id if inside else ""
    kind = "primary" if key == "chapter next" else "secondary"
    st.button(label, icon=icon, key=key, disabled=not inside, type=kind, on_click=_open, args=(target,))  # type: ignore[arg-type]


def _title(chapter: str) -> str:
    number = [*BY_ID].index(chapter) + 1
    return gettext("{number}. {title}", number=number, title=gettext(BY_ID[chapter].title))


def _take() -> None:
    _open(st.session_state[_CHOICE])


def _open(chapter: str) -> None:
    """Open a chapter; the link then holds nothing but its name."""
    st.query_params.from_dict({LINK: chapter})
