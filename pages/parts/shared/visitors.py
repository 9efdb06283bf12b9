"""Tell who the visitor of this session is."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core import settings, visitors
from core.visitors import Visitor

_OFFERED = "visitor's secret"  # in the session's state: known before the browser has answered


def visitor() -> Visitor:
    """Return the visitor of this session."""
    return Visitor(visitors.visitor_id(_offered()), _address())


def _offered() -> str:
    """Return the secret of the browser's cookie, or else one of this session."""
    if _OFFERED not in st.session_state:
        token = visitors.unmasked_token(st.context.cookies.get("_streamlit_xsrf"))
        st.session_state[_OFFERED] = token or visitors.new_secret()
    return st.session_state[_OFFERED]


def _address() -> str:
    """Return the keyed hash of the visitor's network address, "" where it is unknown."""
    here = settings.current()
    headers = st.context.headers.get_all("X-Forwarded-For") if here.proxies else []
    address = visitors.client_address(st.context.ip_address, headers, here.proxies)
    with suppress(OSError):  # a full disk: limits by address then do not hold
        return visitors.address_hash(address, here.home)
    return ""
