"""Show the probabilities of a few classes as bars that move when the next answer comes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from core.language import percent
from pages.parts.components import saving
from pages.parts.components.component_data import unsearched

_CSS = """
.bars { font-family: var(--st-font); color: var(--st-text-color); display: grid; gap: 0.35rem;
  grid-template-columns: minmax(4rem, max-content) 1fr 4.2rem; align-items: center; font-size: 0.9375rem; }
.name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 9rem; }
.track { background: var(--st-secondary-background-color); border-radius: 0.4rem; height: 1.15rem;
  overflow: hidden; }
.bar { height: 100%; width: 0; border-radius: 0.4rem; background: var(--st-primary-color); opacity: 0.45;
  transition: width 0.2s; }
.best { font-weight: 600; }
.best + .track > .bar { opacity: 1; }
.share { text-align: right; font-variant-numeric: tabular-nums; }
.pale { opacity: 0.65; }
@media (prefers-reduced-motion: reduce) { .bar { transition: none; } }
"""
_COMPONENT = st.components.v2.component(
    "answer_bars",
    html='<div class="bars" role="img"></div>' + saving.HTML,
    css=_CSS + saving.CSS,
    js=saving.JAVASCRIPT + Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def answer_bars(
    classes: Sequence[str], probabilities: Sequence[float], *, key: str, pale: bool = False
) -> None:
    """Draw a bar for each class, in the order of the classes; ``pale`` where the answer is none of them."""
    best = max(range(len(classes)), key=lambda k: probabilities[k])
    _COMPONENT(
        data=unsearched(
            {
                "bars": [
                    {"name": name, "share": round(float(p), 4), "text": percent(float(p)), "best": k == best}
                    for k, (name, p) in enumerate(zip(classes, probabilities, strict=True))
                ],
                "pale": pale,
                "saving": saving.offer("answer"),
            }
        ),
        key=key,
    )
