"""Show what several networks answer, side by side: a row for each class, a bar for each network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from core.figures.classification import NetworkAnswer
from core.figures.theme import COLOURS
from core.language import percent
from pages.parts.components import saving
from pages.parts.components.component_data import unsearched

_CSS = """
.networks { font-family: var(--st-font); color: var(--st-text-color); display: grid; align-items: center;
  gap: 0.2rem 0.5rem; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.title { display: flex; align-items: baseline; gap: 0.5rem; line-height: 1.2; }
.title b { font-size: 2rem; min-height: 2.4rem; }
.class { font-weight: 600; text-align: right; }
.track { background: var(--st-secondary-background-color); border-radius: 0.4rem; height: 1.1rem;
  overflow: hidden; }
.bar { height: 100%; width: 0; border-radius: 0.4rem; opacity: 0.5; transition: width 0.2s; }
.best > .bar { opacity: 1; }
.share { text-align: right; min-width: 3.4rem; }
@media (max-width: 640px) { .networks { line-height: 1.25; } }
@media (prefers-reduced-motion: reduce) { .bar { transition: none; } }
"""
_COMPONENT = st.components.v2.component(
    "network_bars",
    html='<div class="networks" role="img"></div>' + saving.HTML,
    css=_CSS + saving.CSS,
    js=saving.JAVASCRIPT + Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def network_bars(
    networks: Sequence[NetworkAnswer], answers: Sequence[str], classes: Sequence[str], *, key: str
) -> None:
    """Draw each network's title and answer, and below them its probability of each class.

    Args:
        networks: the networks with their probabilities.
        answers: what each network reads, in the same order.
        classes: the names of the classes.
        key: of the component.
    """
    shown = [
        {
            "title": network.title,
            "answer": answer,
            "colour": COLOURS.get(network.family, COLOURS["second"]),
            "bars": [
                {"share": round(float(p), 4), "text": percent(float(p)), "best": k == best}
                for k, p in enumerate(network.probabilities)
            ],
        }
        for network, answer in zip(networks, answers, strict=True)
        for best in [int(network.probabilities.argmax())]
    ]
    data = {"classes": list(classes), "networks": shown, "saving": saving.offer("answers")}
    _COMPONENT(data=unsearched(data), key=key)
