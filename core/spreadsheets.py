"""Write text that is safe in a spreadsheet."""

from __future__ import annotations

import unicodedata

_BEGINNINGS = frozenset("=+-@\N{MINUS SIGN}")
_BLANK = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # Unicode's categories of spaces and controls


def plain_cell(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula; numbers need no such care.

    Programs take ``=``, ``+``, ``-`` and ``@`` for a begin, some of them in other widths too, and skip white
    space and invisible characters before it. Such a text begins with an apostrophe instead.
    """
    if not text:
        return text
    first = unicodedata.normalize("NFKC", text[0])[:1]
    begins = first in _BEGINNINGS or unicodedata.category(text[0]) in _BLANK
    return "'" + text if begins else text
