"""Compare four losses from the same start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.figures import gan_games as figures
from core.gan_games import point_sets
from core.gan_games.point_sets import PointSet
from core.gan_games.rules import LOSSES, PENALTIES, Rules
from core.language import gettext
from pages.parts.components.chart import chart
from pages.parts.components.point_plane import plane
from pages.parts.inside.gan_games import controls
from pages.parts.inside.gan_games.game_state import Game, game_of, running
from pages.parts.inside.gan_games.plane_game import (
    REAL_SHOWN,
    pick_points,
    quality_text,
    real_points,
    restart_if_changed,
)
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import sentence

SPEEDS = (1, 5, 20)


class LossRace(Game):
    """Four games at once; a frame holds the frame of each by its loss."""

    beginning = "begin_race"

    def play(self, rounds: int) -> None:
        """Play this number of rounds of each game."""
        self.request("race", rounds=rounds, rules=self.rules)

    def point(self, frame: Mapping[str, Any]) -> dict[str, float]:
        """Return each game's share of good fakes, NaN for one whose weights are lost."""
        frames = {loss: found for loss, found in frame.items() if "lost" not in found}
        turns = max((float(sum(found["turns"].values())) for found in frames.values()), default=0.0)
        return {
            "turns": turns,
            **{loss: frames[loss]["good"] if loss in frames else np.nan for loss in PENALTIES},
        }


def show() -> None:
    """Show the view."""
    st.caption(
        gettext(
            "Compare which loss covers all modes first and which makes no progress: all four start with the "
            "same weights and see the same batches. Give the discriminator D more turns or a higher learning "
            "rate, and the gradient of the minimax loss vanishes. One comparison proves little, so try other "
            "seeds."
        )
    )
    with controls.field_row():
        arguments = pick_points()
        rules = controls.rules(Rules())
        rounds = controls.speed(SPEEDS, 5)
    points = real_points(arguments)
    process = running("gan_game_plane", gettext("Start comparison"))
    if process is None or points is None:
        return
    with experiment.show_errors():
        race = game_of(process, arguments, LossRace)
        restart_if_changed(race, arguments)
        race.rules = rules
        real = point_sets.sample(points, REAL_SHOWN)
        controls.run(race, lambda shown: _view(shown, real, points, arguments), rounds)


def _view(race: Game, real: np.ndarray, points: PointSet, arguments: dict[str, Any]) -> None:
    controls.buttons(race, lambda: race.begin(**arguments), players=False)
    labels = {loss: gettext(label) for loss, label in LOSSES.items()}
    with st.container(horizontal=True):
        for loss, label in labels.items():
            with st.container(width=240, key=f"game of {loss}"):
                st.markdown(f"**{label}**")
                _game(race.frame[loss], real, loss, points, race.milliseconds)
    chart(
        race.figure(lambda past: figures.shares(past, labels, gettext("Good fakes (%)"))),
        key="game shares",
        alt=gettext("Share of good fakes by turns, for each loss"),
    )
    st.caption(
        gettext(
            "Of 2,500 fakes, those within three standard deviations of a centre of the real points are "
            "good; whatever lies nearest to a good fake counts as covered (Srivastava et al. 2017, VEEGAN). "
            "The penalty of the Wasserstein loss has the weight {weight:g}; this loss works best when D is "
            "ahead, for example with five turns in each round.",
            weight=PENALTIES["wasserstein"],
        )
    )


def _game(frame: dict[str, Any], real: np.ndarray, loss: str, points: PointSet, milliseconds: int) -> None:
    """Draw the game of one loss, or say why it cannot go on."""
    if "lost" in frame:
        st.warning(sentence(frame["lost"]), icon=":material/report:")
        return
    quality = quality_text(frame, points)
    plane(
        frame,
        real,
        loss,
        key=f"game plane {loss}",
        alt=gettext("{loss}: {quality}", loss=gettext(LOSSES[loss]), quality=quality),
        layers=("grid", "field"),
        milliseconds=milliseconds,
    )
    st.caption(quality)
