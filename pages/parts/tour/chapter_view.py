"""Show one chapter: its text, the live part beside it, a task, a question, and sheets to print."""

from __future__ import annotations

import streamlit as st

from core.language import gettext
from pages.parts.shared.error_messages import show_errors
from pages.parts.shared.file_download import download_button
from pages.parts.tour import formulas, live_parts, progress
from pages.parts.tour.chapters import CHAPTERS, Chapter
from pages.parts.tour.worksheet import worksheet

_STYLE = (
    """<style>
.formulas { background: var(--st-secondary-background-color, light-dark(#f3f3f8, #1e1e2a));
  border-radius: 0.6rem; padding: 0.8em 1em 0.5em; }
.formulas p { font-size: 1rem; }
@media (min-width: 768px) {
  [data-testid="stColumn"]:has(.st-key-chapter-text) {
    position: sticky; top: 4.5rem; align-self: flex-start; max-height: calc(100vh - 5.5rem);
    overflow-y: auto; scrollbar-width: thin; }
}
"""
    + formulas.STYLE
    + "</style>"
)  # on wide screens the text stays beside a live part that is longer than the screen


def show(chapter: Chapter) -> None:
    """Show the chapter, and below it the way on."""
    words, live = st.columns([1, 2], gap="large")
    with words, st.container(key="chapter text"):
        _text(chapter)
    with live, show_errors():
        if chapter.id in live_parts.PARTS:
            live_parts.PARTS[chapter.id]()
        if chapter.id in live_parts.MORE:
            page, query = live_parts.MORE[chapter.id]
            label = gettext("More of this on its own page")
            st.page_link(page, label=label, icon=":material/open_in_full:", query_params=query)
    progress.show_way_on(chapter)


def _text(chapter: Chapter) -> None:
    for paragraph in chapter.text:
        st.markdown(gettext(paragraph))
    if chapter.formula:
        st.html(f'{_STYLE}<div class="formulas">{formulas.formula_html(chapter.formula)}</div>')
        st.caption(formulas.with_subscripts(gettext(chapter.symbols)), unsafe_allow_html=True)
    st.info(gettext("**Try it.** {task}", task=gettext(chapter.task)), icon=":material/science:")
    with st.expander(gettext(chapter.question), icon=":material/help:", key=f"question {chapter.id}"):
        st.markdown(gettext(chapter.answer))
    with st.expander(gettext("For teachers"), icon=":material/school:", key=f"teachers {chapter.id}"):
        st.markdown(gettext(chapter.note))
        st.caption(gettext("Open a sheet in a browser and print it; each chapter fills one page."))
        _offer_sheets(chapter)


def _offer_sheets(chapter: Chapter) -> None:
    address = (st.context.url or "").split("?")[0]
    sheets = {
        "sheet": (gettext("Download worksheet"), (chapter,), False),
        "answers": (gettext("Download with answers"), (chapter,), True),
        "all sheets": (gettext("Download all chapters"), CHAPTERS, True),
    }
    for key, (label, chapters, for_teachers) in sheets.items():
        name = f"{'tour' if len(chapters) > 1 else chapter.id}-{'answers' if for_teachers else 'sheet'}.html"
        download_button(
            label,
            lambda chapters=chapters, for_teachers=for_teachers: worksheet(  # type: ignore[misc]
                chapters, address, for_teachers=for_teachers
            ).encode(),
            name,
            "text/html",
            key=key,
        )
