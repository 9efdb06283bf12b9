"""Show the arithmetic of a round: the losses with their numbers, and what the last turns changed."""

from __future__ import annotations

import streamlit as st

from core.language import gettext
from pages.parts.inside.gan_games.game_state import Game, Stage
from pages.parts.inside.gan_games.loss_equations import loss_lines
from pages.parts.inside.gan_games.weight_updates import update_html


def show_equations(game: Game) -> None:
    """Show the losses and updates, as far as the round has come."""
    if game.reached(Stage.LOSSES):
        st.html(loss_lines(game.rules.loss, game.frame["output"], game.rules.penalty))
    if not game.reached(Stage.D_LEARNS):
        return
    for turn in game.updates:
        st.html(update_html(turn))
    if not game.updates:
        st.caption(
            gettext("After a step of one player, its gradient and the size of its weight update appear here.")
        )
