"""Formulas of the chapters as HTML."""

from __future__ import annotations

import re
from html import escape

STYLE = ".formula { margin: 0 0 0.3em; padding-left: 1.5em; text-indent: -1.5em; }"  # hanging indent


def formula_html(formula: str) -> str:
    """Return a formula of one or more lines as paragraphs, which may wrap at spaces."""
    return "".join(f'<p class="formula">{with_subscripts(line)}</p>' for line in formula.splitlines())


def with_subscripts(text: str) -> str:
    """Return a text as HTML in which what follows an underscore is a subscript: of ``L_D``, the D."""
    return re.sub(r"_(\w)", r"<sub>\1</sub>", escape(text, quote=False))
