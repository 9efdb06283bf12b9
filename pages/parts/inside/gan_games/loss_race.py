"""Four losses compared from the same start."""

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
from pages.parts.inside.gan_games.game_state import Game, game, started
from pages.parts.inside.gan_games.plane_game import REAL, begin_if_other, chosen_set, measure, real_points
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import escape_markdown

SPEEDS = (1, 5, 20)


class Race(Game):
    """Four contests, whose frames stand under their losses' names."""

    first = "begin_race"

    def play(self, rounds: int) -> None:
        """So many rounds of each."""
        self.do("race", rounds=rounds, rules=self.rules)

    def point(self, frame: Mapping[str, Any]) -> dict[str, float]:
        """The share of good samples of each that is not lost."""
        frames = {loss: found for loss, found in frame.items() if "lost" not in found}
        turns = max((float(sum(found["turns"].values())) for found in frames.values()), default=0.0)
        return {
            "turns": turns,
            **{loss: frames[loss]["good"] if loss in frames else np.nan for loss in PENALTIES},
        }


def show() -> None:
    """The view."""
    st.caption(
        gettext(
            "Compare which loss covers all modes first and which makes no progress: all four start with the "
            "same weights and see the same batches. Give D more turns or a higher learning rate, and the "
            "minimax loss loses its slope. One comparison proves little, so try other seeds."
        )
    )
    with controls.row():
        arguments = chosen_set()
        rules = controls.rules(Rules())
        rounds = controls.speed(SPEEDS, 5)
    points = real_points(arguments)
    stepper = started("gan_game_plane", "Start the race")
    if stepper is None or points is None:
        return
    with experiment.show_errors():
        race = game(stepper, arguments, Race)
        begin_if_other(race, arguments)
        race.rules = rules
        real = point_sets.sample(points, REAL)
        controls.followed(race, lambda found: _view(found, real, points, arguments), rounds)


def _view(race: Game, real: np.ndarray, points: PointSet, arguments: dict[str, Any]) -> None:
    controls.buttons(race, lambda: race.begin(**arguments), turns=False)
    with st.container(horizontal=True):
        for loss, name in LOSSES.items():
            with st.container(width=240, key=f"rival {loss}"):
                st.markdown(f"**{name}**")
                _rival(race.frame[loss], real, loss, points, race.milliseconds)
    chart(
        race.drawn(lambda past: figures.shares(past, LOSSES, "Good samples (%)")),
        key="contest shares",
        alt="Share of good samples by turns, for each loss",
    )
    st.caption(
        "Good: within three standard deviations of a centre, of 2,500 fakes; covered: nearest to such a fake "
        "(as in Srivastava et al. 2017, VEEGAN). The penalty of the Wasserstein loss weighs "
        f"{PENALTIES['wasserstein']:g}; that loss wants a D that is ahead, such as by five turns a round."
    )


def _rival(frame: dict[str, Any], real: np.ndarray, loss: str, points: PointSet, milliseconds: int) -> None:
    if "lost" in frame:
        st.warning(escape_markdown(str(frame["lost"])), icon=":material/report:")
        return
    plane(
        frame,
        real,
        loss,
        key=f"cure {loss}",
        alt=f"{LOSSES[loss]}: {measure(frame, points)}",
        layers=("Grid", "Field"),
        milliseconds=milliseconds,
    )
    st.caption(measure(frame, points))
