"""Worksheets of the chapters as HTML that prints well: texts, task, question, and room to write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from core.language import current, gettext
from pages.parts.tour import formulas
from pages.parts.tour.chapters import Chapter

LINES = 12  # to write on, at most; on paper as many as the page has room for
LINE = '<div class="line"></div>'

_STYLE = (
    """
body { font: 11pt/1.5 'Source Sans 3', 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  max-width: 18cm; margin: 1cm auto; padding: 0 1cm; color: #111; background: #fff; }
body:lang(zh) { font-family: 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; }
h1 { font-size: 17pt; margin: 0 0 0.3cm; }
h2 { font-size: 12pt; margin: 0.4cm 0 0.1cm; }
p { margin: 0.22cm 0; }
.formulas { padding: 0.3cm 0.3cm 0.1cm; border: 1px solid #999; }
.name { display: flex; gap: 1cm; margin-bottom: 0.6cm; }
.name span { flex: 1; border-bottom: 1px solid #555; }
.room { height: 4.5cm; overflow: hidden; }
.line { border-bottom: 1px solid #999; height: 0.9cm; box-sizing: border-box; }
.answer { border-top: 2px dashed #777; margin-top: 0.4cm; }
section { break-after: page; }
section:last-child { break-after: auto; }
@page { margin: 1.2cm; }
@media print {
  body { margin: 0; padding: 0; max-width: none; }
  a { color: inherit; text-decoration: none; }
  section { display: flex; flex-direction: column; height: calc(100vh - 1mm); }
  .room { flex: 1 1 0; }
}
"""
    + formulas.STYLE
)


def worksheet(chapters: Sequence[Chapter], address: str, *, for_teachers: bool) -> str:
    """Return one HTML page with a sheet for each chapter.

    Args:
        chapters: the chapters, a sheet each.
        address: of the tour, which each sheet names with its chapter.
        for_teachers: whether the sheets also hold the answer and the teacher's note.
    """
    sheets = "".join(_sheet(chapter, address, for_teachers) for chapter in chapters)
    title = escape(gettext("Deep Image Lab: worksheet"))
    return (
        f'<!DOCTYPE html><html lang="{current()}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>{sheets}</body></html>"
    )


def _sheet(chapter: Chapter, address: str, for_teachers: bool) -> str:
    link = f"{address}?chapter={chapter.id}"
    parts = [
        f"<h1>{escape(gettext(chapter.title))}</h1>",
        _blanks(),
        *(f"<p>{_as_html(gettext(paragraph))}</p>" for paragraph in chapter.text),
        _formula(chapter),
        _part(gettext("Try it"), chapter.task),
        f'<p><a href="{escape(link)}">{escape(link)}</a></p>',
        _room(),
        _part(gettext("Question"), chapter.question),
        _for_teachers(chapter) if for_teachers else _room(),
    ]
    return f"<section>{''.join(parts)}</section>"


def _blanks() -> str:
    """Return the line for the pupil's name and the date."""
    blanks = "".join(f"{escape(label)} <span></span>" for label in (gettext("Name:"), gettext("Date:")))
    return f'<div class="name">{blanks}</div>'


def _formula(chapter: Chapter) -> str:
    if not chapter.formula:
        return ""
    symbols = formulas.with_subscripts(gettext(chapter.symbols))
    return f'<div class="formulas">{formulas.formula_html(chapter.formula)}</div><p>{symbols}</p>'


def _for_teachers(chapter: Chapter) -> str:
    answer = _part(gettext("Answer to the question"), chapter.answer)
    note = _part(gettext("Note for teachers"), chapter.note)
    return f'<div class="answer">{answer}{note}</div>'


def _part(title: str, text: str) -> str:
    """Return a heading, and below it a text of a chapter in the visitor's language."""
    return f"<h2>{escape(title)}</h2><p>{_as_html(gettext(text))}</p>"


def _room() -> str:
    return f'<div class="room">{LINE * LINES}</div>'


def _as_html(markdown: str) -> str:
    """Return a text as HTML; of Markdown, the chapters use only bold, italic and code."""
    text = escape(markdown, quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", text)
