"""Three ways to learn the set, side by side: a linear head, fine-tuning, and a small CNN from scratch."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.class_sets import ways_to_learn
from core.class_sets.taught_set import TaughtSet
from core.class_sets.ways_to_learn import RUNS, TITLES, Result, Way, configuration
from core.contract import architectures
from core.contract.dataset_info import OWN
from core.datasets import registry
from core.errors import LabError
from core.language import N_, gettext
from core.runs.report.history import History
from core.runs.store.run import Run
from pages.parts.components.refresh import refresh_after
from pages.parts.shared import experiment, navigation, own_runs
from pages.parts.shared.error_messages import sentence, show_errors

EVERY = 1.0  # seconds between two looks at runs that have not ended

EXPLAINED = {
    Way.LINEAR: N_("One layer on the features of a network that knows a thousand things."),
    Way.FINE_TUNED: N_("The last blocks of that network learn as well."),
    Way.SCRATCH: N_("The tutorial's small CNN begins with random weights and sees 32×32 pixels."),
}
OTHER_ACCURACY = N_(
    "The accuracy on held-out pictures above is another measurement, of the linear head alone: each picture "
    "was held out once, which for the other ways would take as many runs as there are parts."
)
BUTTONS = {Way.FINE_TUNED: N_("Start fine-tuning"), Way.SCRATCH: N_("Start from scratch")}


@st.fragment
def show(taught: TaughtSet) -> None:
    """Draw the three results; look again while a run goes on."""
    st.header(gettext("Ways to learn"))
    with show_errors():
        info = registry.describe(f"{OWN}:{taught.classes.id}")
        told = gettext(
            "All three learn from the same {train} pictures and are asked about the same {test} test "
            "pictures, one in five of each class. A run keeps one in twelve of the first for "
            "validation.",
            train=info.train_size,
            test=info.test_size,
        )
        st.caption(f"{told}  \n{gettext(OTHER_ACCURACY)}")
        runs = {way: _latest(way, taught) for way in RUNS}
        results = {Way.LINEAR: ways_to_learn.linear_result(taught.classes, taught.features)}
        columns = st.columns(len(Way))
        _show_way(columns[0], Way.LINEAR, results[Way.LINEAR])
        for column, way in zip(columns[1:], RUNS, strict=True):
            result = _result(runs[way], info.test_size)
            if result is not None:
                results[way] = result
            _show_way(column, way, result)
            with column:
                _show_run(way, runs[way], taught, info.train_size)
        compared = ways_to_learn.comparison(results)
        if compared is not None:
            st.markdown(sentence(compared))
        if any(run is not None and not run.status().is_over for run in runs.values()):
            refresh_after(EVERY, key="pace of ways")


def _show_way(column: DeltaGenerator, way: Way, result: Result | None) -> None:
    with column:
        st.metric(
            gettext(TITLES[way]),
            "–" if result is None else f"{100 * result.accuracy:.0f}%",
            help=gettext(EXPLAINED[way]),
        )
        if result is not None:
            low, high = result.interval
            st.caption(
                gettext(
                    "{right} of {tested} right; 95% interval {low:.0f} to {high:.0f}%",
                    right=result.right,
                    tested=result.tested,
                    low=100 * low,
                    high=100 * high,
                )
            )


def _show_run(way: Way, run: Run | None, taught: TaughtSet, pictures: int) -> None:
    """Draw the progress of a way's run and a link to it, or the button that starts one."""
    if run is not None and not run.status().is_over:
        history = History(run).refresh()
        st.progress(history.share_done, sentence(run.status().message))
        _link(run, gettext("Watch it learn"))
        return
    if run is not None:
        _link(run, gettext("Open the run"))
    if st.button(gettext(BUTTONS[way]), icon=":material/play_arrow:", key=f"start {way}"):
        own_runs.start([configuration(way, taught.classes.id, pictures)])
        experiment.rerun_fragment()


def _link(run: Run, label: str) -> None:
    st.page_link(navigation.TRAIN, label=label, icon=":material/show_chart:", query_params={"run": run.id})


def _latest(way: Way, taught: TaughtSet) -> Run | None:
    """Return the visitor's latest run that learns the set in that way."""
    for run in own_runs.runs():
        with suppress(LabError):
            config = run.config
            if config.dataset == f"{OWN}:{taught.classes.id}" and config.family == "cnn":
                fine_tuned = architectures.is_fine_tuned(config.architecture)
                if fine_tuned == (way is Way.FINE_TUNED):
                    return run
    return None


def _result(run: Run | None, tested: int) -> Result | None:
    """Return the result of a run that has ended; None if the set's pictures have changed since."""
    finished = History(run).refresh().finished if run is not None else None
    if finished is None or not finished.confusion:
        return None
    right = sum(row[k] for k, row in enumerate(finished.confusion))
    asked = sum(map(sum, finished.confusion))
    return Result(right, asked) if asked == tested else None
