"""Accuracy over the number of pictures a class, a line for each way to learn, measured while one watches."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from core.class_sets import ways_to_learn
from core.class_sets.taught_set import TaughtSet
from core.class_sets.ways_to_learn import TITLES, Way, WayPoint
from core.figures.learning_ways import accuracy_over_pictures
from core.language import gettext, ngettext
from core.subprocesses import ChildProcess
from pages.parts.components.chart import chart
from pages.parts.components.refresh import refresh_after
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import sentence

NAME = "learning_ways"  # of the experiment
EVERY = 0.5  # seconds between two looks at what the process has measured

_KEPT = "accuracy curve"  # in the session's state

Accuracies = dict[tuple[Way, int], list[float]]


@dataclass
class Measurement:
    """Measurements of a set, and those still to be made."""

    classes: object  # the set as it was
    draws: int
    ahead: list[tuple[Way, int, int]]  # way, pictures a class, draw
    total: int
    found: Accuracies = field(default_factory=dict)
    asked: bool = False  # the process works on the first of ``ahead``

    @property
    def points(self) -> list[WayPoint]:
        """Accuracies of each way by pictures a class, as far as they are known."""
        return [WayPoint(way, size, tuple(values)) for (way, size), values in self.found.items()]


@st.fragment
def show(taught: TaughtSet) -> None:
    """Draw the chart of what is known, and measure on if that was started."""
    st.header(gettext("Accuracy by number of pictures"))
    with experiment.show_errors():
        measured: Measurement | None = st.session_state.get(_KEPT)
        if measured is not None and measured.classes != taught.classes:
            del st.session_state[_KEPT]
            measured = None
        process = _process(taught, measured)
        if process is not None and measured is None:
            measured = st.session_state[_KEPT] = _planned(process, taught)
        if measured is not None:
            _show_chart(measured, len(taught.classes.classes))
        if measured is not None and measured.ahead and process is not None:
            _measure_on(process, measured)


def _process(taught: TaughtSet, measured: Measurement | None) -> ChildProcess | None:
    """Return the process that measures, which the button starts; None once all is measured."""
    if measured is not None and not measured.ahead:
        return None
    process = experiment.running(NAME, gettext("Measure accuracy"), set_id=taught.classes.id)
    if process is None:
        st.caption(
            gettext(
                "Each way learns from a few pictures of each class, drawn by chance, and is asked about the "
                "others. This takes a few minutes; you can stop it."
            )
        )
    return process


def _planned(process: ChildProcess, taught: TaughtSet) -> Measurement:
    plan = process.ask("plan")
    ahead = [(way, size, draw) for size in plan["sizes"] for draw in range(plan["draws"]) for way in Way]
    return Measurement(taught.classes, plan["draws"], ahead, len(ahead))


def _measure_on(process: ChildProcess, measured: Measurement) -> None:
    """Ask for the next accuracy, or take the answer; then draw again."""
    way, size, draw = measured.ahead[0]
    done = measured.total - len(measured.ahead)
    told = gettext(
        "{way}, {pictures} of each class, draw {draw} of {draws}",
        way=gettext(TITLES[way]),
        pictures=size,
        draw=draw + 1,
        draws=measured.draws,
    )
    st.progress(done / measured.total, told)
    if st.button(gettext("Stop"), icon=":material/stop:", key="stop measuring"):
        measured.ahead.clear()
        experiment.close()
        experiment.rerun_fragment()
    if not measured.asked:
        process.begin("measure", way=str(way), pictures=size, draw=draw)
        measured.asked = True
    if process.answered(0.0):
        answer = process.finish()
        measured.found.setdefault((way, size), []).append(answer["accuracy"])
        measured.ahead.pop(0)
        measured.asked = False
        if not measured.ahead:
            experiment.close()  # others wait for its place
    refresh_after(EVERY, key="pace of measuring")


def _show_chart(measured: Measurement, classes: int) -> None:
    points = measured.points
    if not points:
        if not measured.ahead:
            st.info(gettext("Add pictures: each class needs two at least."), icon=":material/info:")
        return
    by_way: dict[str, dict[int, tuple[float, ...]]] = {}
    for point in sorted(points, key=lambda point: list(Way).index(point.way)):
        by_way.setdefault(gettext(TITLES[point.way]), {})[point.pictures] = point.accuracies
    chart(
        accuracy_over_pictures(by_way, 1 / classes),
        key="accuracy curve chart",
        alt=gettext("Accuracy over the number of pictures of each class"),
    )
    st.caption(
        ngettext(
            "Mean of {count} draw; bars reach from the lowest to the highest. Dotted: random guessing.",
            "Mean of {count} draws; bars reach from the lowest to the highest. Dotted: random guessing.",
            measured.draws,
        )
    )
    told = ways_to_learn.trend(points)
    if told is not None and not measured.ahead:
        st.markdown(sentence(told))
