"""Show the rules of a GAN game as fields, and the buttons that play it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.gan_games.rules import LABELS, LOSSES, MAX_LEARNING_RATE, MAX_TURNS, MIN_LEARNING_RATE, Rules
from core.language import gettext
from pages.parts.components import once
from pages.parts.components.refresh import refresh_after
from pages.parts.inside import link_values
from pages.parts.inside.gan_games.game_state import SECONDS, STAGE_TEXTS, STAGE_TITLES, STEPS, Draw, Game
from pages.parts.shared import experiment

MAX_STOP = 100_000  # turns
PLACE = "game place"  # key of the container of a game's buttons and views
_SEEN = "game brought into view"  # in the session's state: the number of its start

_STYLE = """<style>
ol.stages { display: flex; flex-wrap: wrap; gap: 0.35rem; list-style: none;
  margin: 0; padding: 0 !important; }
ol.stages li { margin: 0; padding: 0.15rem 0.6rem; border: 1px solid rgba(128, 128, 128, 0.4);
  border-radius: 1rem; font-size: 0.875rem; opacity: 0.75; }
ol.stages li.now { opacity: 1; font-weight: 600; border: 2px solid #6366f1; }
</style>"""


def rules(defaults: Rules, *, losses: bool = False) -> Rules:
    """Show the fields of the rules and return the rules; with ``losses`` the loss can be chosen too."""
    loss = defaults.loss
    if losses:
        labels = {name: gettext(label) for name, label in LOSSES.items()}
        loss = link_values.select(gettext("Loss"), "loss", labels, default=loss)
    return replace(
        defaults,
        loss=loss,
        discriminator_turns=_turns(
            gettext(LABELS["discriminator_turns"]),
            "kd",
            gettext("How often D learns in each round; papers call it k_D."),
        ),
        generator_turns=_turns(
            gettext(LABELS["generator_turns"]),
            "kg",
            gettext("How often G learns in each round; papers call it k_G."),
        ),
        discriminator_learning_rate=_rate(
            gettext(LABELS["discriminator_learning_rate"]), "dlr", defaults.discriminator_learning_rate
        ),
        generator_learning_rate=_rate(
            gettext(LABELS["generator_learning_rate"]), "glr", defaults.generator_learning_rate
        ),
    )


def buttons(game: Game, restart: Callable[[], None], *, players: bool = True) -> None:
    """Show the buttons that play the game.

    Args:
        game: that they play.
        restart: starts it again.
        players: whether one player alone can learn, and a round can be seen stage by stage.
    """
    busy = game.mode != "still"
    with st.container(horizontal=True):
        if players:
            _player_buttons(game, busy)
        _button(
            "ten_rounds",
            gettext("Play 10 rounds"),
            game.queue,
            10,
            help=gettext("Ten rounds, each with the turns of D and G that are set above"),
            disabled=busy,
        )
        _mode_button(game, "play", gettext("Play"), gettext("Pause"), "play_arrow")
        if players:
            _mode_button(
                game,
                "slow",
                gettext("Play slowly"),
                gettext("Stop"),
                "slow_motion_video",
                help=gettext("Go through a round stage by stage, 1.25 seconds each"),
            )
            _button("next_stage", gettext("Next stage"), game.advance, icon=_icon("skip_next"), disabled=busy)
        _button("restart", gettext("Start over"), restart, icon=_icon("restart_alt"))


def speed(choices: Sequence[int], default: int) -> int:
    """Show how many rounds are played from one frame to the next, and return the number."""
    chosen = st.selectbox(
        gettext("Rounds per frame"),
        choices,
        choices.index(default),
        key="speed",
        bind="query-params",
        width=150,
        help=gettext("Rounds from one frame to the next while it plays, several frames a second"),
    )
    return chosen or default


def stop_after() -> int:
    """Show the stop condition, and return the number of D's turns after which the game stops; 0 is never."""
    return st.number_input(
        gettext("Stop after"),
        0,
        MAX_STOP,
        0,
        step=100,
        help=gettext("Turns of D after which the game stops playing; 0 plays on until you stop it"),
        key="until",
        bind="query-params",
        width=130,
    )


def field_row() -> DeltaGenerator:
    """Return a container that puts a game's fields side by side, as far as there is room."""
    return st.container(horizontal=True, vertical_alignment="bottom")


def turn_counts(frame: dict[str, Any]) -> None:
    """Show how often each player has learnt."""
    st.metric(
        gettext("Turns so far (D, G)"),
        "{discriminator:,}, {generator:,}".format(**frame["turns"]),
        width="content",
    )


def stages(game: Game) -> None:
    """Show the six steps of training, and what happens in the stage that the game has reached."""
    now = ' class="now" aria-current="step"'
    items = "".join(
        f"<li{now if stage == game.stage else ''}>{STEPS[stage]} {escape(gettext(title))}</li>"
        for stage, title in STAGE_TITLES.items()
    )
    first, last = escape(gettext("Initialise")), escape(gettext("Repeat or stop"))
    st.html(f'{_STYLE}<ol class="stages"><li>1 {first}</li>{items}<li>6 {last}</li></ol>')
    st.caption(
        gettext(
            "A training has six steps. The weights were initialised when the game started; *Play slowly* "
            "goes through the others, *Next stage* shows one at a time. It repeats until you stop: a GAN’s "
            "losses do not say when, so look at what G makes, or set a number of turns."
        )
        if game.stage is None
        else gettext(STAGE_TEXTS[game.stage])
    )


def run(game: Game, draw: Draw, rounds: int, stop: int = 0) -> None:
    """Draw the game in a fragment; while it plays, go on as soon as the browser has shown the frame before.

    It stops playing once the discriminator has learnt ``stop`` times, unless that is 0.

    The game's buttons belong to the fragment, so that a step runs nothing else of the page.
    """

    @st.fragment
    def view() -> None:
        if not game.process.alive and game.failure is None:
            st.rerun()  # the whole page, which offers a new start
        if stop and game.mode == "play" and game.frame["turns"]["discriminator"] >= stop:
            game.switch("play")
        game.tick(rounds)
        game.play_queued()
        with st.container(key=PLACE):
            draw(game)
        with experiment.show_errors():
            if game.failure is not None:
                failure, game.failure = game.failure, None
                raise failure
        if game.mode != "still":
            refresh_after(SECONDS[game.mode], key="game clock")
        if game.queued:
            experiment.rerun_fragment()

    view()
    _bring_into_view()


def _bring_into_view() -> None:
    """Scroll to a game that has just been started: its buttons and what they change are below its rules."""
    if st.session_state.get(_SEEN) != experiment.start_count():
        st.session_state[_SEEN] = experiment.start_count()
        once.scroll_to(PLACE)


def _player_buttons(game: Game, busy: bool) -> None:
    _button(
        "train_d",
        gettext("Train D"),
        game.turn,
        "discriminator",
        help=gettext("One turn of the discriminator"),
        disabled=busy,
    )
    _button(
        "train_g",
        gettext("Train G"),
        game.turn,
        "generator",
        help=gettext("One turn of the generator"),
        disabled=busy,
    )
    _button(
        "train_both",
        gettext("Train both"),
        game.turn,
        "discriminator",
        "generator",
        help=gettext("One turn of each player"),
        disabled=busy,
    )


def _mode_button(game: Game, mode: str, start: str, stop: str, icon: str, help: str | None = None) -> None:
    on = game.mode == mode
    _button(mode, stop if on else start, game.switch, mode, icon=_icon("pause" if on else icon), help=help)


def _button(name: str, label: str, do: Callable[..., None], *arguments: Any, **options: Any) -> None:
    st.button(label, key=f"game {name}", on_click=do, args=arguments, **options)


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
