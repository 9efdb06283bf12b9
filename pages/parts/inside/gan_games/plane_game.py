"""The contest in two dimensions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from core.errors import LabError
from core.figures import gan_games as figures
from core.gan_games import point_sets
from core.gan_games.point_sets import PointSet
from core.gan_games.rules import PENALTIES, Rules
from core.images.decode import decode
from core.language import gettext
from pages.parts.components.canvas import canvas
from pages.parts.components.chart import chart
from pages.parts.components.point_plane import LAYERS, plane
from pages.parts.inside import link_values
from pages.parts.inside.gan_games import controls
from pages.parts.inside.gan_games.game_state import Game, game, started
from pages.parts.inside.gan_games.round_equations import sums
from pages.parts.shared import experiment

DRAWN = "drawn"
TITLES = {name: points.title for name, points in point_sets.SETS.items()} | {DRAWN: "Drawn by you"}
SPEEDS = (1, 5, 20, 100)
REAL = 240  # real points that are shown


def show() -> None:
    """The view."""
    st.caption(
        gettext(
            "The generator learns to bend the green grid, which holds all it can draw, onto the real "
            "points; the coloured field shows where D expects real points. Let G learn faster "
            "than D, and see it jump from one point to the next."
        )
    )
    with controls.row():
        arguments = chosen_set()
        rules = controls.rules(Rules(), losses=True)
        rounds = controls.speed(SPEEDS, 5)
    points = real_points(arguments)
    stepper = started("gan_game_plane", "Start the contest")
    if stepper is None or points is None:
        return
    with experiment.show_errors():
        match = game(stepper, arguments)
        begin_if_other(match, arguments)
        match.rules = replace(rules, penalty=PENALTIES[rules.loss])
        real = point_sets.sample(points, REAL)
        controls.followed(match, lambda found: _view(found, real, points, arguments), rounds)


def chosen_set() -> dict[str, Any]:
    """The fields that say what is to be imitated and where to start, as the experiment is told of them."""
    name = controls.choice("Real points", "points", TITLES, "ring8")
    if name == DRAWN:
        with st.popover("Draw", icon=":material/draw:"):
            _take(canvas("contest drawing"))
    seed = st.number_input(
        "Seed", 0, 999, 0, key="seed", bind="query-params", width=130, help="Other weights to start with"
    )
    drawing = st.query_params.get("cells", "") if name == DRAWN else None
    return {"points": name, "drawing": drawing, "seed": seed}


def real_points(arguments: dict[str, Any]) -> PointSet | None:
    """The set that was chosen; None, with what to do, where nothing is drawn yet."""
    if arguments["points"] != DRAWN:
        return point_sets.get(arguments["points"])
    if not arguments["drawing"]:
        st.info(gettext("Press Draw, and draw where the real points should be."), icon=":material/draw:")
        return None
    try:
        return point_sets.drawn(arguments["drawing"])
    except LabError as error:
        st.info(str(error), icon=":material/draw:")
        link_values.forget("cells")
        return None


def begin_if_other(match: Game, arguments: dict[str, Any]) -> None:
    """Starts anew where other points or another start were chosen."""
    key = f"contest set {experiment.start_count()}"
    if st.session_state.setdefault(key, arguments) != arguments:
        st.session_state[key] = arguments
        match.begin(**arguments)


def measure(frame: dict[str, Any], points: PointSet) -> str:
    """How well the fakes imitate the points, in a few words."""
    return f"{frame['covered']} of {frame['modes']} {points.unit} covered, {frame['good']:.0%} good"


def _take(content: bytes | None) -> None:
    """Puts a drawing into the link."""
    if not content:
        return
    ink = 1 - np.asarray(decode(content, "drawing.png").image.convert("L"), float) / 255
    cells = point_sets.cells(ink)
    code = point_sets.to_code(cells)
    if cells.any() and st.query_params.get("cells") != code:
        link_values.put(cells=code)


def _view(match: Game, real: np.ndarray, points: PointSet, arguments: dict[str, Any]) -> None:
    controls.buttons(match, lambda: match.begin(**arguments))
    controls.stages(match)
    left, right = st.columns([5, 6], gap="large")
    with left:
        _picture(match, real, points)
    with right:
        _measures(match.frame, points)
        sums(match)
        chart(match.drawn(figures.losses), key="contest losses", alt="Both losses by turns")


def _picture(match: Game, real: np.ndarray, points: PointSet) -> None:
    layers = st.pills(
        "Show",
        LAYERS,
        selection_mode="multi",
        default=LAYERS,
        key="layers",
        bind="query-params",
        label_visibility="collapsed",
    )
    plane(
        match.frame,
        real,
        match.rules.loss,
        key="contest plane",
        layers=layers,
        milliseconds=match.milliseconds,
        alt=f"Real points and fakes. {points.title}: {measure(match.frame, points)}",
    )
    st.caption(
        "● real points, ■ fakes. Where the field is blue, D believes “real”, where green, “fake”. An arrow "
        "says where the generator’s loss pushes a fake, and how strongly."
    )


def _measures(frame: dict[str, Any], points: PointSet) -> None:
    with st.container(horizontal=True):
        covered = f"{frame['covered']} of {frame['modes']}"
        st.metric(f"{points.unit.capitalize()} covered", covered, width="content")
        st.metric(
            "Good samples",
            f"{frame['good']:.0%}",
            width="content",
            help="Of 2,500 fakes, those within three standard deviations of a centre of the real points. "
            "What lies nearest to such a fake is covered (as in Srivastava et al. 2017, VEEGAN).",
        )
        controls.turns(frame)
