"""The arithmetic of a round: the losses with their numbers, and what the last turn did."""

from __future__ import annotations

import streamlit as st

from core.language import gettext
from pages.parts.inside.gan_games.game_state import D_LEARNS, LOSSES, Game
from pages.parts.inside.gan_games.loss_equations import loss_lines
from pages.parts.inside.gan_games.weight_updates import learnt_lines


def sums(match: Game) -> None:
    """Show the losses and updates, as far as the round has come."""
    if match.reached(LOSSES):
        st.html(loss_lines(match.rules.loss, match.frame["verdict"], match.rules.penalty))
    if not match.reached(D_LEARNS):
        return
    for turn in match.learnt:
        st.html(learnt_lines(turn))
    if not match.learnt:
        st.caption(
            gettext("After a step of one player, its gradient and the size of its weight update appear here.")
        )
