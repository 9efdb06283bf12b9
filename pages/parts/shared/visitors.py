"""Tell who the visitor of this session is.

A visitor is whoever knows a secret: one in the browser's ``localStorage``, which arrives a moment after the
first run; until then, Streamlit's XSRF token, which is in a cookie; and one in the link where the browser
refuses both.
"""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core import settings, visitors
from core.visitors import Visitor
from pages.parts.components import browser_secret

LINK = "visitor"  # in the link of a browser that keeps nothing
REFUSED = "refused"  # what the browser answers then

_FIRST = "visitor's first secret"  # in the session's state: the one before the browser has answered,
_SOURCE = "visitor's source"  # where it is from: "cookie", "link" or "session",
_KEPT = "visitor's secrets"  # those that the browser keeps, in its own words,
_STARTED = "visitor has started"  # whether something was started under the first one,
_KNOWN = "known visitor"  # and the secrets of the visitor who was identified last, with that visitor


def visitor() -> Visitor:
    """Return the visitor of this session."""
    secrets = _secrets()
    if st.session_state.get(_KNOWN, (None,))[0] != secrets:  # the address takes a third of a millisecond
        ids = [visitors.visitor_id(secret) for secret in secrets]
        st.session_state[_KNOWN] = secrets, Visitor(ids[0], _address(), frozenset(ids))
    return st.session_state[_KNOWN][1]


def starter() -> Visitor:
    """Return the visitor, who is about to start something, so that it stays theirs in later sessions."""
    st.session_state[_STARTED] = True
    return visitor()


def ask_browser() -> None:
    """Ask the browser who the visitor is; the page does not wait, but runs again after an answer.

    The browser says nothing if it keeps what the server expects, which is so at most visits.
    """
    first, source = _first()
    offered = "" if source == "link" else first  # whoever was sent the link of somebody is somebody else
    known = st.session_state.get(_KEPT) or offered
    started = bool(offered) and st.session_state.get(_STARTED, False)
    browser_secret.ask(offered, known, started, _hear)


def keep_in_link() -> None:
    """Name the visitor in the link if the browser keeps nothing, else in none; call this after a page."""
    first, source = _first()
    if st.session_state.get(_KEPT) == REFUSED and source != "cookie":
        st.query_params[LINK] = first
    elif st.session_state.get(_KEPT):
        st.query_params.pop(LINK, None)


def _hear() -> None:
    """Keep the browser's answer in the session, if it has the form of one."""
    answer = browser_secret.answer()
    if answer == REFUSED or visitors.secrets_in(answer):
        st.session_state[_KEPT] = answer


def _secrets() -> list[str]:
    """Return the secrets by which the visitor is known, the one that counts first."""
    first, source = _first()
    kept = visitors.secrets_in(st.session_state.get(_KEPT))
    if kept and source == "link":
        return kept
    return [*kept, first]


def _first() -> tuple[str, str]:
    """Return the secret that is known before the browser has answered, and its source."""
    if _FIRST not in st.session_state:
        token = visitors.unmasked_token(st.context.cookies.get("_streamlit_xsrf"))
        linked = st.query_params.get(LINK)
        if token is not None:
            found = token, "cookie"
        elif linked is not None and visitors.is_secret(linked):
            found = linked, "link"
        else:
            found = visitors.new_secret(), "session"
        st.session_state[_FIRST], st.session_state[_SOURCE] = found
    return st.session_state[_FIRST], st.session_state[_SOURCE]


def _address() -> str:
    """Return the keyed hash of the visitor's network address, "" where it is unknown."""
    here = settings.current()
    headers = st.context.headers.get_all("X-Forwarded-For") if here.proxies else []
    address = visitors.client_address(st.context.ip_address, headers, here.proxies)
    with suppress(OSError):  # a full disk: limits by address then do not hold
        return visitors.address_hash(address, here.home)
    return ""
