"""Show what a player's last turn changed in its weights, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from core.language import N_, gettext
from pages.parts.inside.equations import number, signed

_STYLE = """<style>
table.updates { border-collapse: collapse; font-size: 0.8125rem; width: 100%;
  font-variant-numeric: tabular-nums; }
table.updates th, table.updates td { border: 0; padding: 0.1rem 0.75rem 0.1rem 0; text-align: left;
  font-weight: 400; }
table.updates th { white-space: nowrap; }
table.updates td.bar { width: 40%; }
table.updates div { height: 0.6rem; background: #6366f1; border-radius: 2px; }
</style>"""
SENTENCES = {
    "discriminator": N_("D has learnt: its loss on the same batch went from {before} to {after}."),
    "generator": N_("G has learnt: its loss on the same batch went from {before} to {after}."),
}


def update_html(turn: Mapping[str, Any]) -> str:
    """Return the loss before and after a turn, and each layer's gradient norm and weight change."""
    sentence = gettext(
        SENTENCES[turn["player"]],
        before=signed(turn["before"]),
        after=f"<strong>{signed(turn['after'])}</strong>",
    )
    peak = max(float(turn["gradients"].max()), 1e-12)
    rows = "".join(
        f"<tr><th>{escape(layer)}</th><td>{number(gradient)}</td>"
        f'<td class="bar"><div style="width: {100 * gradient / peak:.0f}%"></div></td>'
        f"<td>{number(change)}</td></tr>"
        for layer, gradient, change in zip(turn["layers"], turn["gradients"], turn["updates"], strict=True)
    )
    names = (gettext("Layer"), gettext("Gradient norm"), "", gettext("Weight change"))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    return f'{_STYLE}<div>{sentence}</div><table class="updates"><tbody><tr>{head}</tr>{rows}</tbody></table>'
