"""Answer too many files at once, and films, before Streamlit's uploaders of pictures get them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.language import gettext
from core.messages import SENTENCES

MOST_AT_ONCE = 500  # files; Streamlit draws its list again for each: 300 took 34 s beside other work

JAVASCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
CSS = """
.upload-told { margin: 0.5rem 0 0; padding: 0.75rem 1rem; border-radius: var(--st-base-radius, 0.6rem);
  background: color-mix(in srgb, #d97706 15%, transparent); overflow-wrap: anywhere; }
"""


def limits() -> dict[str, Any]:
    """Return what the browser needs to know; it fills in the count and the name."""
    return {
        "most": MOST_AT_ONCE,
        "texts": {
            "many": gettext(
                "{count} files are too many at once: bring up to {most} at a time, or one ZIP file. Nothing "
                "was added.",
                count="{count}",
                most=MOST_AT_ONCE,
            ),
            "film": gettext(SENTENCES["images.video"], name="{name}"),
        },
    }
