"""Which chapter is open: the one in the link, else the one that this browser opened last."""

from __future__ import annotations

import streamlit as st

from core.language import N_, gettext, ngettext
from pages.parts.components import kept_chapter
from pages.parts.shared import navigation
from pages.parts.tour.chapters import BY_ID, CHAPTERS, Chapter

LINK = "chapter"
_CHOICE = "tour chapter"  # key of the list of chapters
_DOORS = (  # from the end of the tour
    (navigation.TEACH, N_("Teach your own classes"), ":material/school:"),
    (navigation.TRAIN, N_("Train a network"), ":material/model_training:"),
    (navigation.GENERATE, N_("Generate images"), ":material/draw:"),
)
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


def show_way_on(current: Chapter) -> None:
    """Show the button to the next chapter, and after the last one where to go from here."""
    number = CHAPTERS.index(current) + 1
    if number < len(CHAPTERS):
        label = gettext("Next: {chapter}", chapter=_title(CHAPTERS[number].id))
        _step("chapter on", label, ":material/arrow_forward:", number)
        return
    st.markdown(gettext("**This is the end of the tour.** Now try out what you have read:"))
    for page, label, icon in _DOORS:
        st.page_link(page, label=gettext(label), icon=icon)


def _step(key: str, label: str, icon: str, number: int) -> None:
    inside = 0 <= number < len(CHAPTERS)
    target = CHAPTERS[number].id if inside else ""
    kind = "secondary" if key == "chapter back" else "primary"
    st.button(label, icon=icon, key=key, disabled=not inside, type=kind, on_click=_open, args=(target,))  # type: ignore[arg-type]


def _title(chapter: str) -> str:
    number = [*BY_ID].index(chapter) + 1
    return gettext("{number}. {title}", number=number, title=gettext(BY_ID[chapter].title))


def _take() -> None:
    _open(st.session_state[_CHOICE])


def _open(chapter: str) -> None:
    """Open a chapter; the link then holds nothing but its name."""
    st.query_params.from_dict({LINK: chapter})
