"""Play the GAN game on points in the plane."""

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
from core.language import N_, gettext
from pages.parts.components.canvas import canvas
from pages.parts.components.chart import chart
from pages.parts.components.point_plane import LAYERS, plane
from pages.parts.inside import link_values
from pages.parts.inside.gan_games import controls
from pages.parts.inside.gan_games.game_state import Game, game_of, running
from pages.parts.inside.gan_games.round_equations import show_equations
from pages.parts.shared import experiment, link_choice, preparation
from pages.parts.shared.error_messages import sentence
from pages.parts.shared.uploads import File

DRAWN = "drawn"
TITLES = {name: points.title for name, points in point_sets.SETS.items()} | {DRAWN: N_("Drawn by you")}
COVERED = {"modes": N_("Modes covered"), "segments": N_("Segments covered"), "squares": N_("Squares covered")}
QUALITY = {
    "modes": N_("{covered} of {count} modes covered, {good:.0%} good fakes"),
    "segments": N_("{covered} of {count} segments covered, {good:.0%} good fakes"),
    "squares": N_("{covered} of {count} squares covered, {good:.0%} good fakes"),
}
LAYER_LABELS = {"grid": N_("Grid"), "field": N_("Field"), "arrows": N_("Arrows")}
SPEEDS = (1, 5, 20, 100)
REAL_SHOWN = 240  # real points that are drawn


def show() -> None:
    """Show the view."""
    st.caption(
        gettext(
            "The generator G learns to bend the green grid, which holds all it can draw, onto the real "
            "points; the coloured field shows where the discriminator D expects real points. Let G learn "
            "faster than D, and see it jump from one point to the next."
        )
    )
    with controls.field_row():
        arguments = pick_points()
        rules = controls.rules(Rules(), losses=True)
        rounds = controls.speed(SPEEDS, 5)
        stop = controls.stop_after()
    points = real_points(arguments)
    process = running("gan_game_plane", gettext("Start game"))
    if process is None or points is None:
        return
    with experiment.show_errors():
        game = game_of(process, arguments)
        restart_if_changed(game, arguments)
        game.rules = replace(rules, penalty=PENALTIES[rules.loss])
        real = point_sets.sample(points, REAL_SHOWN)
        controls.run(game, lambda shown: _view(shown, real, points, arguments), rounds, stop)


def pick_points() -> dict[str, Any]:
    """Show the fields for the real points and the seed; return the arguments that begin a game with them."""
    labels = {name: gettext(title) for name, title in TITLES.items()}
    name = link_values.select(gettext("Real points"), "points", labels, default="ring8")
    if name == DRAWN:
        with st.popover(gettext("Draw"), icon=":material/draw:", key="draw points"):
            _take(canvas("game drawing"))
    seed = st.number_input(
        gettext("Seed"),
        0,
        999,
        0,
        key="seed",
        bind="query-params",
        width=130,
        help=gettext("Chooses the weights at the start"),
    )
    drawing = st.query_params.get("cells", "") if name == DRAWN else None
    return {"points": name, "drawing": drawing, "seed": seed}


def real_points(arguments: dict[str, Any]) -> PointSet | None:
    """Return the chosen set; where nothing is drawn yet, say what to do and return None."""
    if arguments["points"] != DRAWN:
        return point_sets.get(arguments["points"])
    if not arguments["drawing"]:
        st.info(gettext("Press Draw, and draw where the real points should be."), icon=":material/draw:")
        return None
    try:
        return point_sets.drawn(arguments["drawing"])
    except LabError as error:
        st.info(sentence(error), icon=":material/draw:")
        link_values.forget("cells")
        return None


def restart_if_changed(game: Game, arguments: dict[str, Any]) -> None:
    """Start the game again if other points or another seed were chosen."""
    key = f"game points {experiment.start_count()}"
    if st.session_state.setdefault(key, arguments) != arguments:
        st.session_state[key] = arguments
        game.begin(**arguments)


def quality_text(frame: dict[str, Any], points: PointSet) -> str:
    """Return in a few words how well the fakes imitate the points."""
    return gettext(QUALITY[points.unit], covered=frame["covered"], count=frame["modes"], good=frame["good"])


def _take(content: bytes | None) -> None:
    """Put a drawing (the content of a PNG file) into the link."""
    if not content:
        return
    picture = preparation.prepared(File.of("drawing.png", content)).picture
    code = point_sets.code_of_picture(np.asarray(picture.image.convert("L")))
    if code and st.query_params.get("cells") != code:
        link_values.put(cells=code)


def _view(game: Game, real: np.ndarray, points: PointSet, arguments: dict[str, Any]) -> None:
    controls.buttons(game, lambda: game.begin(**arguments))
    controls.stages(game)
    left, right = st.columns([5, 6], gap="large")
    with left:
        _plane(game, real, points)
    with right:
        _metrics(game.frame, points)
        show_equations(game)
        chart(game.figure(figures.losses), key="game losses", alt=gettext("Both losses by turns"))


def _plane(game: Game, real: np.ndarray, points: PointSet) -> None:
    plane(
        game.frame,
        real,
        game.rules.loss,
        key="game plane",
        layers=_pick_layers(),
        milliseconds=game.milliseconds,
        alt=gettext(
            "Real points and fakes. {points}: {quality}",
            points=gettext(points.title),
            quality=quality_text(game.frame, points),
        ),
    )
    st.caption(
        gettext(
            "● real points, ■ fakes. Where the field is blue, D takes points for real; where it is green, "
            "for fakes. An arrow shows where and how strongly the generator’s loss pushes a fake."
        )
    )


def _pick_layers() -> list[str]:
    """Show which layers are drawn, and return their ids."""
    link_choice.restore_several("layers", LAYERS, {label: name for name, label in LAYER_LABELS.items()})
    chosen = st.pills(
        gettext("Layers"),
        LAYERS,
        selection_mode="multi",
        format_func=lambda name: gettext(LAYER_LABELS[name]),
        key="layers",
        label_visibility="collapsed",
    )
    link_choice.publish_several("layers", LAYERS)
    return chosen


def _metrics(frame: dict[str, Any], points: PointSet) -> None:
    with st.container(horizontal=True, gap="medium"):
        st.metric(
            gettext(COVERED[points.unit]),
            gettext("{covered} of {count}", covered=frame["covered"], count=frame["modes"]),
            width="content",
        )
        st.metric(
            gettext("Good fakes"),
            f"{frame['good']:.0%}",
            width="content",
            help=gettext(
                "Of 2,500 fakes, those within three standard deviations of a centre of the real points are "
                "good; whatever lies nearest to a good fake counts as covered (Srivastava et al. 2017, "
                "VEEGAN)."
            ),
        )
        controls.turn_counts(frame)
