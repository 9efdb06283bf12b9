"""Write text that is safe in a spreadsheet."""

from __future__ import annotations


def plain_cell(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula."""
    return "'" + text if text.startswith(("=", "+", "-", "@")) else text
