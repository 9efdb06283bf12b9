"""What a player's last turn did to its weights, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from pages.parts.inside.equations import number, signed

_STYLE = """<style>
table.learnt { border-collapse: collapse; font-size: 0.8125rem; width: 100%;
  font-variant-numeric: tabular-nums; }
table.learnt th, table.learnt td { border: 0; padding: 0.1rem 0.75rem 0.1rem 0; text-align: left;
  font-weight: 400; }
table.learnt td.bar { width: 50%; }
table.learnt div { height: 0.6rem; background: #6366f1; border-radius: 2px; }
</style>"""
PLAYERS = {"discriminator": "D", "generator": "G"}


def learnt_lines(turn: Mapping[str, Any]) -> str:
    """The loss before and after the turn, and by layer the gradient's norm and how far the weights moved."""
    player = PLAYERS[turn["player"]]
    before, after = signed(turn["before"]), signed(turn["after"])
    peak = max(float(turn["gradients"].max()), 1e-12)
    rows = "".join(
        f"<tr><th>{escape(layer)}</th><td>{number(gradient)}</td>"
        f'<td class="bar"><div style="width: {100 * gradient / peak:.0f}%"></div></td>'
        f"<td>{number(move)}</td></tr>"
        for layer, gradient, move in zip(turn["layers"], turn["gradients"], turn["moves"], strict=True)
    )
    head = "<tr><th>layer</th><th>gradient’s norm</th><th></th><th>moved</th></tr>"
    return (
        f"{_STYLE}<div>{player} has learnt: on the same batch its loss went from {before} to "
        f'<strong>{after}</strong>.</div><table class="learnt"><tbody>{head}{rows}</tbody></table>'
    )
