"""The rules of a contest as fields, and the buttons that play it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.gan_games.rules import LOSSES, MAX_LEARNING_RATE, MAX_TURNS, MIN_LEARNING_RATE, Rules
from core.language import gettext
from pages.parts.components.refresh import refresh_after
from pages.parts.inside import link_values
from pages.parts.inside.gan_games.game_state import EVERY, STAGES, Game, Show
from pages.parts.shared import experiment

_STYLE = """<style>
ol.stages { display: flex; flex-wrap: wrap; gap: 0.35rem; list-style: none;
  margin: 0; padding: 0 !important; }
ol.stages li { margin: 0; padding: 0.15rem 0.6rem; border: 1px solid rgba(128, 128, 128, 0.4);
  border-radius: 1rem; font-size: 0.875rem; opacity: 0.75; }
ol.stages li.now { opacity: 1; font-weight: 600; border: 2px solid #6366f1; }
</style>"""


def rules(defaults: Rules, *, losses: bool = False) -> Rules:
    """The rules of the fields, which stand in the link."""
    loss = choice(gettext("Loss"), "loss", LOSSES, defaults.loss) if losses else defaults.loss
    k_d = _turns("k_D", "kd", gettext("Turns of D in a round"))
    k_g = _turns("k_G", "kg", gettext("Turns of G in a round"))
    d_rate = _rate(gettext("Learning rate of D"), "dlr", defaults.discriminator_learning_rate)
    g_rate = _rate(gettext("Learning rate of G"), "glr", defaults.generator_learning_rate)
    return replace(
        defaults,
        loss=loss,
        discriminator_turns=k_d,
        generator_turns=k_g,
        discriminator_learning_rate=d_rate,
        generator_learning_rate=g_rate,
    )


def buttons(game: Game, anew: Callable[[], None], *, turns: bool = True) -> None:
    """What plays the game. ``anew`` starts it again; ``turns``: also of one player, and by stages."""
    off, held, slow = game.mode != "still", game.mode == "play", game.mode == "slow"
    with st.container(horizontal=True):
        if turns:
            _button("D step", game.turn, "discriminator", help="One turn of the discriminator", disabled=off)
            _button("G step", game.turn, "generator", help="One turn of the generator", disabled=off)
            _button("Both", game.turn, "discriminator", "generator", help="One turn of each", disabled=off)
        _button("×10", game.play_on, 10, help="Ten rounds of k_D turns of D and k_G of G", disabled=off)
        _button(
            "Pause" if held else "Play", game.switch, "play", icon=_icon("pause" if held else "play_arrow")
        )
        if turns:
            _button(
                "Stop" if slow else "Slow",
                game.switch,
                "slow",
                icon=_icon("pause" if slow else "slow_motion_video"),
                help="A round stage by stage, 1.25 seconds each",
            )
            _button("Next stage", game.advance, icon=_icon("skip_next"), disabled=off)
        _button("Start over", anew, icon=_icon("restart_alt"))


def speed(choices: Sequence[int], first: int) -> int:
    """How many rounds pass from one frame to the next while it plays."""
    chosen = st.selectbox(
        gettext("Rounds a frame"),
        choices,
        choices.index(first),
        key="speed",
        bind="query-params",
        width=130,
        help=gettext("While it plays; a frame comes several times a second"),
    )
    return chosen or first


def choice(label: str, key: str, titles: Mapping[str, str], first: str, **look: Any) -> str:
    """A name that is chosen by its title; it is the name that stands in the link."""
    names = [first, *(name for name in titles if name != first)]
    chosen = link_values.option(key, names, label=titles.__getitem__)
    widget = f"contest {key}"
    st.session_state[widget] = chosen
    st.selectbox(
        label,
        list(titles),
        format_func=titles.__getitem__,
        key=widget,
        width=220,
        on_change=lambda: link_values.put(**{key: st.session_state[widget]}),
        **look,
    )
    return chosen


def row() -> DeltaGenerator:
    """Where a contest's fields stand side by side, as far as there is room."""
    return st.container(horizontal=True, vertical_alignment="bottom")


def turns(frame: dict[str, Any]) -> None:
    """How often each player has learnt."""
    taken = frame["turns"]
    st.metric(
        gettext("Turns of D, of G"), f"{taken['discriminator']:,}, {taken['generator']:,}", width="content"
    )


def stages(game: Game) -> None:
    """The six stages of a round, and what happens in the one that is shown."""
    items = "".join(
        f'<li class="now" aria-current="step">{i + 1} {name}</li>'
        if i == game.stage
        else f"<li>{i + 1} {name}</li>"
        for i, name in enumerate(STAGES)
    )
    st.html(f'{_STYLE}<ol class="stages">{items}</ol>')
    sentences = list(STAGES.values())
    st.caption(
        "A round in six stages: *Slow* goes through them by itself, *Next stage* by hand."
        if game.stage is None
        else sentences[game.stage]
    )


def followed(game: Game, show: Show, rounds: int) -> None:
    """Shows the game and, while it plays, goes on with it as soon as the browser has shown where it stands.

    What ``show`` draws lies in a fragment, with its buttons, so that a step runs nothing else of the page.
    """

    @st.fragment
    def view() -> None:
        if not game.stepper.alive and game.failure is None:
            st.rerun()  # the whole page, which offers a new start
        game.tick(rounds)
        game.further()
        show(game)
        with experiment.show_errors():
            if game.failure is not None:
                failure, game.failure = game.failure, None
                raise failure
        if game.mode != "still":
            refresh_after(EVERY[game.mode], key="contest pace")
        if game.todo:
            experiment.rerun_fragment()

    view()


def _button(label: str, do: Callable[..., None], *arguments: Any, **look: Any) -> None:
    key = f"contest {arguments[0]}" if do.__name__ == "switch" else f"contest {label}"
    st.button(label, key=key, on_click=do, args=arguments, **look)


def _icon(name: str) -> str:
    return f":material/{name}:"


def _turns(label: str, key: str, help: str) -> int:
    return st.number_input(label, 0, MAX_TURNS, 1, help=help, key=key, bind="query-params", width=130)


def _rate(label: str, key: str, default: float) -> float:
    return st.number_input(
        label,
        MIN_LEARNING_RATE,
        MAX_LEARNING_RATE,
        default,
        step=0.0005,
        format="%.4f",
        key=key,
        bind="query-params",
        width=170,
    )
