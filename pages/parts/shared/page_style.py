"""Styles that all pages share, and on phones the navigation within the page."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from streamlit.navigation.page import Page

_PHONE = "phone-navigation"
_STYLE = f"""<style>
[data-selected="true"] p, [data-testid="stSliderThumbValue"], [data-testid="stSliderThumbValue"] * {{
  color: light-dark(#4f46e5, #a5a0ff); }}
.stButton .stMarkdownEllipsis, .stButton .stMarkdownEllipsis * {{ white-space: normal; }}
.st-key-{_PHONE} {{ display: none; }}
@media (max-width: 767px) {{
  .st-key-{_PHONE} {{ display: flex; flex-wrap: nowrap; gap: 0.25rem; overflow-x: auto;
    scrollbar-width: none; }}
  .st-key-{_PHONE} > * {{ flex: none; width: auto; }}
}}
</style>"""


def show(pages: Iterable[Page]) -> None:
    """Set the styles; draw links to the pages, which only narrow screens show.

    There Streamlit hides its own navigation behind a button.
    """
    st.html(_STYLE)
    with st.container(horizontal=True, key=_PHONE):
        for page in pages:
            st.page_link(page)
