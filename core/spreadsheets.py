"""Write text that is safe in a spreadsheet."""

from __future__ import annotations

import unicodedata

_BEGINNINGS = frozenset("=+-@\N{MINUS SIGN}")
_BLANK = ("C", "Z", "Mn")  # Unicode's categories of controls, spaces, and marks on the letter before
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # Hangul's fillers, and Braille without dots


def plain_cell(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula; numbers need no such care.

    Programs take ``=``, ``+``, ``-`` and ``@`` for a begin, some of them in other widths too, and skip white
    space and invisible characters before it. Such a text begins with an apostrophe instead.
    """
    if not text:
        return text
    first = unicodedata.normalize("NFKC", text[0])[:1]
    is_blank = text[0] in _BLANK_LETTERS or unicodedata.category(text[0]).startswith(_BLANK)
    return "'" + text if is_blank or first in _BEGINNINGS else text
