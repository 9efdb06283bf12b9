"""Mark the doubtful glyphs within a reading."""

from __future__ import annotations

from collections.abc import Sequence

from core.inference.picture_reading import Answer, Verdict, as_text
from pages.parts.shared.error_messages import escape_markdown

MARKS = {Verdict.UNSURE: ":orange[**{sign}**]", Verdict.UNKNOWN: ":red[**{sign}**]"}


def marked(answers: Sequence[Answer]) -> str:
    """Return a reading as Markdown in which doubtful answers are bold and coloured."""
    text, end = as_text(answers), 0
    pieces = []
    for given in answers:
        sign = "?" if given.verdict is Verdict.UNKNOWN else given.label
        begin = text.find(sign, end)
        if begin < 0:  # the text says it in another way
            return escape_markdown(text)
        pieces += [_between(text[end:begin]), _marked(sign, given.verdict)]
        end = begin + len(sign)
    return "".join([*pieces, _between(text[end:])])


def doubtful_lines(answers: Sequence[Answer]) -> list[str]:
    """Return those lines of a reading that have a doubtful answer, each as Markdown after its number."""
    lines: dict[int, list[Answer]] = {}
    for given in answers:
        lines.setdefault(given.glyph.line, []).append(given)
    return [
        f"{line + 1}: {marked(found)}"
        for line, found in lines.items()
        if any(given.verdict is not Verdict.READ for given in found)
    ]


def _between(text: str) -> str:
    """Return the text between two answers as Markdown, with its spaces."""
    escaped = escape_markdown(text)
    return f" {escaped} ".replace("  ", " ") if text[:1].isspace() else escaped


def _marked(sign: str, verdict: Verdict) -> str:
    return MARKS.get(verdict, "{sign}").format(sign=escape_markdown(sign))
