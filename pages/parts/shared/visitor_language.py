"""Show each visitor the app in their language: the one in the link, the one chosen, or the browser's."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import language
from core.language import LANGUAGES

LINK = "lang"

_CHOSEN = "chosen language"  # in the session's state
_BUTTON = "language"
_TAGS = {language.ENGLISH: "en", language.CHINESE: "zh-CN"}


def choose() -> None:
    """Set the language of this run and name it in the link; call this first."""
    language.use(_of_visitor())
    keep_in_link()


def show_button() -> None:
    """Draw the button in the header that switches to the other language."""
    other = next(each for each in LANGUAGES if each != language.current())
    st.button(LANGUAGES[other], key=_BUTTON, type="tertiary", on_click=_switch, args=(other,))


def html_tag() -> str:
    """Return the language of this run as HTML names it."""
    return _TAGS[language.current()]


def keep_in_link() -> None:
    """Name the language in the link if it was chosen; call this also after a page, which may drop it."""
    chosen = st.session_state.get(_CHOSEN)
    if chosen and st.query_params.get(LINK) != chosen:
        st.query_params[LINK] = chosen


def link_parameters() -> dict[str, str]:
    """Return what links to the app have to hold, so that they open in the chosen language."""
    chosen = st.session_state.get(_CHOSEN)
    return {LINK: chosen} if chosen else {}


def _switch(to: str) -> None:
    st.session_state[_CHOSEN] = st.query_params[LINK] = to
    language.use(to)


def _of_visitor() -> str:
    linked = language.known(st.query_params.get(LINK))
    if linked:
        st.session_state[_CHOSEN] = linked
    return linked or st.session_state.get(_CHOSEN) or _of_browser()


def _of_browser() -> str:
    accepted = st.context.headers.get("Accept-Language", "").split(",")[0].split(";")[0]
    return language.known(st.context.locale or accepted) or language.ENGLISH


def _of_session() -> str | None:
    """Return the language of the session whose callback or fragment this thread runs, if it runs one."""
    return _of_visitor() if get_script_run_ctx(suppress_warning=True) else None


language.ask(_of_session)
