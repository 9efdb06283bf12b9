"""Let visitors save what a component draws: code and styles that components put before their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.language import gettext

JAVASCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
HTML = '<div class="saving"></div>'
CSS = """
.saving { display: flex; justify-content: flex-end; gap: 0.25rem; margin-top: 0.25rem; opacity: 0; }
:host(:hover) .saving, .saving:focus-within { opacity: 1; }
@media (pointer: coarse) { .saving { opacity: 1; } }
.saving button { font: inherit; font-size: 0.75rem; color: inherit; background: transparent; cursor: pointer;
  padding: 0.1rem 0.5rem; border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
.saving button:hover, .saving button:focus-visible { border-color: var(--st-primary-color);
  color: var(--st-primary-color); }
"""


def offer(file: str) -> dict[str, Any]:
    """Return what the buttons need to know: their texts and the name of the file, without an ending."""
    return {"texts": {"png": gettext("Download PNG"), "svg": gettext("Download SVG")}, "file": file}
