"""The contest on text: sums that are right or wrong, so that what the generator writes can be marked."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from core.figures import gan_games as figures
from core.gan_games import equation_grammar
from core.gan_games.rules import Rules, realness
from core.language import gettext
from pages.parts.components.chart import chart
from pages.parts.inside.gan_games import controls
from pages.parts.inside.gan_games.game_state import FAKES, VERDICTS, Game, game, started
from pages.parts.inside.gan_games.round_equations import sums
from pages.parts.shared import experiment

PENALTY = 0.1
SPEEDS = (1, 5, 20)

_STYLE = """<style>
table.texts { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
table.texts th, table.texts td { border: 0; padding: 0.1rem 1rem 0.1rem 0; text-align: left;
  font-weight: 400; }
table.texts th { opacity: 0.75; font-size: 0.8125rem; }
table.texts code { font-size: 1rem; white-space: pre; }
table.texts .later { visibility: hidden; }
table.texts mark { background: rgba(219, 39, 119, 0.25); color: inherit; }
</style>"""


def show() -> None:
    """The view."""
    st.caption(
        gettext(
            "The fakes become equations: first digits and signs are in their places, then the results are "
            "right. No player sees the rule, nor 22 of the 110 right equations, so “new” shows whether G has "
            "learnt the rule or repeats what it was shown."
        )
    )
    st.caption(
        "The grammar: digit, + or −, digit, =, digit, and the equation is true. Of random characters "
        f"{equation_grammar.chance()[0]:.2%} are right; "
        f"of texts of this form, {equation_grammar.chance()[1]:.1%}."
    )
    with controls.row():
        rules = controls.rules(Rules(penalty=PENALTY))
        rounds = controls.speed(SPEEDS, 5)
    stepper = started("gan_game_text", "Start the contest")
    if stepper is None:
        return
    with experiment.show_errors():
        match = game(stepper)
        match.rules = rules
        controls.followed(match, _view, rounds)


def _view(match: Game) -> None:
    controls.buttons(match, match.begin)
    controls.stages(match)
    left, right = st.columns([6, 5], gap="large")
    with left:
        _marks(match.frame)
        st.html(texts(match))
    with right:
        sums(match)
    names = {"valid": "Right equations"}
    chart(
        match.drawn(lambda past: figures.shares(past, names, "Right equations (%)")),
        key="contest shares",
        alt="Share of right equations by turns",
    )


def _marks(frame: dict[str, Any]) -> None:
    shown, held_out = (len(part) for part in equation_grammar.split())
    with st.container(horizontal=True):
        st.metric(
            "Right equations",
            f"{frame['valid']:.1%}",
            width="content",
            help="Of 2,048 texts that G has just written.",
        )
        st.metric("Different", f"{frame['distinct']} of {shown + held_out}", width="content")
        st.metric(
            "New",
            f"{frame['new']} of {held_out}",
            width="content",
            help="Right equations that no player was ever shown.",
        )
        controls.turns(frame)


def texts(match: Game) -> str:
    """Noise, fakes with their mark, verdict and wish, and real texts with their verdict, a line each."""
    frame = match.frame
    count = len(frame["fake"])
    fake, real = (
        realness(match.rules.loss, frame["verdict"][f"{kind}_logits"][:count]) for kind in ("fake", "real")
    )
    fakes, verdicts = (_later(match, stage) for stage in (FAKES, VERDICTS))
    rows = "".join(
        f"<tr><td>{_noise(frame['noise'][i])}</td><td{fakes}>{_fake(frame, i)}</td>"
        f"<td{verdicts}>{fake[i]:.2f}</td><td{verdicts}>{_wish(frame['wishes'][i])}</td>"
        f"<td{verdicts}><code>{escape(frame['real'][i])}</code></td><td{verdicts}>{real[i]:.2f}</td></tr>"
        for i in range(count)
    )
    head = "".join(
        f"<th>{name}</th>" for name in ("Noise z", "Fake G(z)", "D(G(z))", "D’s wish", "Real x", "D(x)")
    )
    return f'{_STYLE}<table class="texts"><tbody><tr>{head}</tr>{rows}</tbody></table>'


def _noise(values: np.ndarray) -> str:
    return escape(", ".join(f"{value:.1f}" for value in values[:2])) + ", …"


def _fake(frame: dict[str, Any], i: int) -> str:
    text, place = frame["fake"][i], frame["wishes"][i][0]
    marked = f"{escape(text[:place])}<mark>{escape(text[place])}</mark>{escape(text[place + 1 :])}"
    return f"<code>{marked}</code> {'✓' if equation_grammar.is_valid(text) else '✗'}"


def _wish(wish: tuple[int, str, float]) -> str:
    place, letter, gain = wish
    return f"<code>{escape(letter)}</code> at {place + 1}" if gain > 0 else "none"


def _later(match: Game, stage: int) -> str:
    return "" if match.reached(stage) else ' class="later"'
