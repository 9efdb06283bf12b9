"""Play the GAN game on text: equations that are right or wrong, so that what G writes can be checked."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from core.figures import gan_games as figures
from core.gan_games import equation_grammar
from core.gan_games.rules import Rules, realness
from core.language import gettext, join
from pages.parts.components.chart import chart
from pages.parts.inside.gan_games import controls
from pages.parts.inside.gan_games.game_state import Game, Stage, game_of, running
from pages.parts.inside.gan_games.round_equations import show_equations
from pages.parts.shared import experiment

PENALTY = 0.1
SPEEDS = (1, 5, 20)

_STYLE = """<style>
.texts-frame { overflow-x: auto; }
table.texts { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
table.texts th, table.texts td { border: 0; padding: 0.1rem 1rem 0.1rem 0; text-align: left;
  font-weight: 400; white-space: nowrap; }
table.texts th { opacity: 0.75; font-size: 0.8125rem; }
table.texts code { font-size: 1rem; white-space: pre; }
table.texts .later { visibility: hidden; }
table.texts mark { background: rgba(219, 39, 119, 0.25); color: inherit; }
@media (max-width: 640px) { table.texts th, table.texts td { padding-right: 0.4rem; } }
</style>"""


def show() -> None:
    """Show the view."""
    learnt, held_out = (len(part) for part in equation_grammar.split())
    st.caption(
        gettext(
            "The fakes of the generator G become equations: first digits and signs are in their places, then "
            "the results are right. Neither player sees the rule or {held_out} of the {count} right "
            "equations, so “New” shows whether G has learnt the rule or repeats what it was shown.",
            held_out=held_out,
            count=learnt + held_out,
        )
    )
    random_text, random_form = equation_grammar.chance()
    st.caption(
        gettext(
            "The grammar: digit, + or −, digit, =, digit, and the equation is true. Of random characters "
            "{text:.2%} are right; of texts of this form, {form:.1%}.",
            text=random_text,
            form=random_form,
        )
    )
    with controls.field_row():
        rules = controls.rules(Rules(penalty=PENALTY))
        rounds = controls.speed(SPEEDS, 5)
        stop = controls.stop_after()
    process = running("gan_game_text", gettext("Start game"))
    if process is None:
        return
    with experiment.show_errors():
        game = game_of(process)
        game.rules = rules
        controls.run(game, _view, rounds, stop)


def _view(game: Game) -> None:
    controls.buttons(game, game.begin)
    controls.stages(game)
    left, right = st.columns([6, 5], gap="large")
    with left:
        _metrics(game.frame)
        st.html(texts_html(game))
    with right:
        show_equations(game)
    labels = {"valid": gettext("Right equations")}
    chart(
        game.figure(lambda past: figures.shares(past, labels, gettext("Right equations (%)"))),
        key="game shares",
        alt=gettext("Share of right equations by turns"),
    )


def _metrics(frame: dict[str, Any]) -> None:
    learnt, held_out = (len(part) for part in equation_grammar.split())
    with st.container(horizontal=True, gap="medium"):
        st.metric(
            gettext("Right equations"),
            f"{frame['valid']:.1%}",
            width="content",
            help=gettext("Of 2,048 texts that G has just written"),
        )
        st.metric(
            gettext("Different"),
            gettext("{found} of {count}", found=frame["distinct"], count=learnt + held_out),
            width="content",
            help=gettext("Different right equations among these texts"),
        )
        st.metric(
            gettext("New"),
            gettext("{found} of {count}", found=frame["new"], count=held_out),
            width="content",
            help=gettext("Right equations that no player was ever shown"),
        )
        controls.turn_counts(frame)


def texts_html(game: Game) -> str:
    """Return noise, fakes with D's output and best change, and real texts with D's output, a line each."""
    frame, loss = game.frame, game.rules.loss
    count = len(frame["fake"])
    fake, real = (realness(loss, frame["output"][f"{kind}_logits"][:count]) for kind in ("fake", "real"))
    fakes, outputs = (_later(game, stage) for stage in (Stage.FAKES, Stage.OUTPUTS))
    rows = "".join(
        f"<tr><td>{_noise(frame['noise'][i])}</td><td{fakes}>{_fake(frame, i)}</td>"
        f"<td{outputs}>{fake[i]:.2f}</td><td{outputs}>{_best_change(frame['preferred_changes'][i])}</td>"
        f"<td{outputs}><code>{escape(frame['real'][i])}</code></td><td{outputs}>{real[i]:.2f}</td></tr>"
        for i in range(count)
    )
    names = (
        gettext("Noise z"),
        gettext("Fake G(z)"),
        "D(G(z))",
        gettext("Best change"),
        gettext("Real x"),
        "D(x)",
    )
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    table = f'<table class="texts"><tbody><tr>{head}</tr>{rows}</tbody></table>'
    return f'{_STYLE}<div class="texts-frame">{table}</div>'


def _noise(values: np.ndarray) -> str:
    return escape(join(f"{value:.1f}" for value in values[:2])) + ", …"


def _fake(frame: dict[str, Any], i: int) -> str:
    """Return a fake with a tick if it is right, and the character marked whose change D would like best."""
    text, place = frame["fake"][i], frame["preferred_changes"][i][0]
    marked = f"{escape(text[:place])}<mark>{escape(text[place])}</mark>{escape(text[place + 1 :])}"
    return f"<code>{marked}</code> {'✓' if equation_grammar.is_valid(text) else '✗'}"


def _best_change(change: tuple[int, str, float]) -> str:
    """Describe the replacement that raises D's output most, from its place (from 0), character and gain."""
    place, character, gain = change
    if gain <= 0:
        return gettext("none")
    return gettext(
        "{character} in place {place}", character=f"<code>{escape(character)}</code>", place=place + 1
    )


def _later(game: Game, stage: Stage) -> str:
    """Return the attribute of a cell that is hidden until the stage."""
    return "" if game.reached(stage) else ' class="later"'
