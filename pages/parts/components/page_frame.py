"""Draw what surrounds every page: common styles, the page's language, and phones' navigation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.parts.components import upload_guard
from pages.parts.components.component_data import unsearched

_KEY = "page-frame"
_CSS = """
[data-selected="true"] p, [data-testid="stSliderThumbValue"], [data-testid="stSliderThumbValue"] * {
  color: light-dark(#4f46e5, #a5a0ff); }
.stButton .stMarkdownEllipsis, .stButton .stMarkdownEllipsis *, [data-testid="stPageLink"] a * {
  white-space: normal; }
[data-testid="stTopNavLink"]:focus-visible, [data-testid="stPageLink"] a:focus-visible,
[data-testid="stElementToolbar"] button:focus-visible {
  outline: 2px solid light-dark(#4f46e5, #a5a0ff); }
[data-testid="stCaptionContainer"] code { color: inherit !important; }
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: var(--upload); font-size: 0.875rem; }
[data-testid="stFileUploaderDropzoneInstructions"] span { font-size: 0; }
[data-testid="stFileUploaderDropzoneInstructions"] span::after { content: var(--upload-limit);
  font-size: 0.875rem; }
[data-testid="stCameraInput"] :has(> a[href*="://"]) { font-size: 0; }
[data-testid="stCameraInput"] :has(> a[href*="://"])::after { content: var(--camera); font-size: 1rem; }
[data-testid="stCameraInput"] a[href*="://"] { display: none; }
.st-key-language { position: fixed; top: 0.5rem; right: 3.5rem; z-index: 999991; width: auto; }
[data-testid="stStatusWidget"] { margin-right: 3.75rem; }
.st-key-page-frame { display: none; }
@media (hover: none) {  /* there it is shown always, above the table */
  [data-testid="stDataFrame"]:has(> [data-testid="stElementToolbar"]) { margin-top: 1.75rem; }
}
@media (max-width: 767px) {
  .st-key-page-frame { display: block; }
  [data-testid="stButtonGroup"] > [role="radiogroup"] { flex-wrap: wrap; }
  [data-variant="segmented_control"][aria-checked="false"] {
    border-color: color-mix(in srgb, currentColor 20%, transparent) !important; }
  [data-variant="segmented_control"][aria-checked="true"] { position: relative; z-index: 1; }
  [data-testid="stMainBlockContainer"] { padding-top: 4.25rem; }
  [data-testid="stMainBlockContainer"] h1 { font-size: 2.25rem; padding-top: 0.25rem; }
  .page-links { display: flex; gap: 0.25rem; overflow-x: auto; scrollbar-width: none; padding: 2px; }
  .page-links a { display: flex; align-items: center; gap: 0.5rem; flex: none; padding: 0.25rem 0.5rem;
    border-radius: var(--st-base-radius); font-family: var(--st-font); line-height: 1.6;
    color: var(--st-text-color) !important; text-decoration: none !important; }
  .page-links a[aria-current] { background: var(--st-secondary-background-color); font-weight: 600; }
  .page-links a:focus-visible { outline: 2px solid var(--st-primary-color); }
  .page-links span { font-family: "Material Symbols Rounded"; font-size: 1.25rem; line-height: 1;
    width: 1.25rem; overflow: hidden; opacity: 0.6; font-weight: 400; }
}
"""
_COMPONENT = st.components.v2.component(
    "page_frame",
    html='<nav class="page-links"></nav>',
    css=_CSS + upload_guard.CSS,
    js=upload_guard.JAVASCRIPT + Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class PageLink:
    """A link to a page: its path below the app's address, its title, and the name of a Material symbol."""

    path: str
    title: str
    symbol: str


def page_frame(
    links: Sequence[PageLink],
    current: str,
    *,
    language: str,
    label: str,
    upload: str,
    upload_limit: str,
    camera: str,
) -> str | None:
    """Set styles and language, guard uploads; draw links to the pages, which only narrow screens show.

    There Streamlit hides its own navigation behind a button. One component takes a third of the time of a
    link by Streamlit for each page, and one message instead of ten, in every run of every page.

    Args:
        links: to the pages.
        current: the path of the page that is shown.
        language: of the page, as in HTML; by it screen readers choose a voice, and browsers the shapes of
            Chinese characters.
        label: what screen readers call the navigation.
        upload: what stands on the button that uploads files, which Streamlit does not translate.
        upload_limit: what stands beside it, in place of a list of file endings.
        camera: what Streamlit's camera says where the browser refuses it, in place of a link to another site.

    Returns:
        The path of the link that was just tapped, else None.
    """
    shown = [[link.path, link.title, link.symbol] for link in links]
    data = {
        "links": shown,
        "current": current,
        "language": language,
        "label": label,
        "upload": upload,
        "uploadLimit": upload_limit,
        "camera": camera,
        "uploads": upload_guard.limits(),
    }
    result = _COMPONENT(key=_KEY, data=unsearched(data), on_page_change=lambda: None)
    return result.page if result.page in [link.path for link in links] else None
