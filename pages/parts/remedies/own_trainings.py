"""Try remedies for too few pictures on the visitor's own classes, as ordinary runs."""

from __future__ import annotations

import math
from contextlib import suppress

import streamlit as st

from core import capacity
from core.class_sets import own_remedies
from core.class_sets.class_set import ClassSet
from core.class_sets.own_remedies import BACKBONE, FIRST, NOTHING, REMEDIES, STEPS, configuration
from core.contract.config import ClassifierConfig
from core.contract.dataset_info import OWN, DatasetInfo
from core.contract.field_labels import AUGMENTATION_LABELS
from core.datasets import registry
from core.errors import LabError
from core.figures.learning_ways import accuracy_over_pictures
from core.figures.remedies import accuracy_by_remedy
from core.language import N_, gettext, join, ngettext
from core.runs.process.queue import VISITOR_LIMIT
from core.runs.report.history import History
from core.runs.store.run import Run
from pages.parts.components.chart import chart
from pages.parts.components.refresh import refresh_after
from pages.parts.shared import experiment, navigation, own_class_sets, own_runs
from pages.parts.shared.distinct_labels import distinct
from pages.parts.shared.error_messages import escape_markdown, plain_sentence, show_errors
from pages.parts.shared.tables import Cell, arrow_table

EVERY = 2.0  # seconds between two looks at runs that have not ended
SECONDS = {BACKBONE: 60}  # of a run on two processors; all others:
OTHER_SECONDS = 15
FEW = 10  # test pictures; with fewer a figure says little
_WAITING = "trainings that wait"  # in the session's state: configurations
TITLES = {**AUGMENTATION_LABELS, NOTHING: N_("Nothing"), BACKBONE: N_("Pretrained backbone")}


@st.fragment
@show_errors()
def show() -> None:
    """Draw a list of the visitor's class sets, the remedies, and what each brought."""
    sets = {one.id: one for one in own_class_sets.own()}
    if not sets:
        st.caption(gettext("Bring a few pictures of your own classes first; then try the remedies on them."))
        st.page_link(navigation.TEACH, label=gettext("Teach classes"), icon=":material/school:")
        return
    names = dict(zip(sets, distinct([one.name for one in sets.values()]), strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen: str = st.selectbox(
            gettext("Your classes"),
            list(sets),
            format_func=names.__getitem__,
            key="set of remedies",
            width=280,
        )
        seeds = int(st.number_input(gettext("Seeds"), 1, 3, 1, key="seeds of remedies", width=120))
    remedies: list[str] = st.pills(
        gettext("Remedies"),
        REMEDIES,
        selection_mode="multi",
        default=FIRST,
        format_func=lambda name: gettext(TITLES[name]),
        key="own remedies",
    )
    st.caption(
        gettext(
            "Not offered for your own pictures: generated ones, since no generator here draws your classes, "
            "and half of the labels, which would leave too few."
        )
    )
    info = registry.describe(f"{OWN}:{chosen}")
    plan = _plan(sets[chosen], info, remedies, _pick_sizes(info), seeds)
    st.caption(_expected(plan, info))
    if info.test_size < FEW:
        st.caption(
            gettext(
                "With so few test pictures, one right answer makes {share:.0%}. Add pictures for figures "
                "that say more.",
                share=1 / info.test_size,
            )
        )
    runs = _runs(sets[chosen], info)
    if st.button(
        gettext("Start trainings"), icon=":material/play_arrow:", key="start remedies", disabled=not plan
    ):
        st.session_state[_WAITING] = [config for config in plan if _is_to_start(runs.get(config))]
    if _start_waiting():
        experiment.rerun_fragment()
    if runs:
        _show_results(runs, info)
    _show_waiting()
    if st.session_state.get(_WAITING) or any(not run.status().is_over for run in runs.values()):
        refresh_after(EVERY, key="pace of remedies")


def _sizes(info: DatasetInfo) -> list[int]:
    return own_remedies.sizes(info.train_size, len(info.classes))


def _pick_sizes(info: DatasetInfo) -> list[int]:
    """Draw the choice of how many pictures to learn from, if the set has enough for more than one."""
    sizes = _sizes(info)
    if len(sizes) == 1:
        return sizes
    return st.pills(
        gettext("Training pictures"),
        sizes,
        selection_mode="multi",
        default=sizes,
        format_func="{:,}".format,
        key=f"sizes of {info.name}, {info.train_size}",
    )


def _is_to_start(run: Run | None) -> bool:
    """Return whether a training has not begun yet, or ended before its time."""
    if run is None:
        return True
    status = run.status()
    return status.is_over and status.state != "finished"


def _start_waiting() -> bool:
    """Start as many of the trainings that wait as the visitor may have at once; return whether any started.

    Raises:
        LabError: when one cannot be started; those after it wait no longer.
    """
    waiting: list[ClassifierConfig] = st.session_state.get(_WAITING, [])
    if not waiting:
        return False
    free = max(0, VISITOR_LIMIT - sum(not run.status().is_over for run in own_runs.runs()))
    st.session_state[_WAITING] = []
    started = own_runs.start(waiting[:free])
    st.session_state[_WAITING] = waiting[free:]
    return bool(started)


def _show_waiting() -> None:
    """Say how many trainings wait for others of the visitor's to end, with a button that drops them."""
    count = len(st.session_state.get(_WAITING, []))
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            ngettext(
                "{count} more training starts when another of yours has ended, while this page is open.",
                "{count} more trainings start when others of yours have ended, while this page is open.",
                count,
            ),
            width="content",
        )
        if st.button(gettext("Start no more"), icon=":material/close:", key="drop remedies"):
            st.session_state[_WAITING] = []
            experiment.rerun_fragment()


def _plan(
    described: ClassSet, info: DatasetInfo, remedies: list[str], sizes: list[int], seeds: int
) -> dict[ClassifierConfig, str]:
    """Return the remedy of each run that the choices ask for, by its configuration, seed by seed."""
    whole = info.train_size
    return {
        configuration(remedy, described.id, whole, seed, None if size == whole else size): remedy
        for seed in range(1, seeds + 1)
        for size in sizes
        for remedy in remedies
    }


def _expected(plan: dict[ClassifierConfig, str], info: DatasetInfo) -> str:
    """Return how long the chosen runs take."""
    seconds = sum(SECONDS.get(remedy, OTHER_SECONDS) for remedy in plan.values())
    return ngettext(
        "{count} training of about {steps:,} steps; training pictures: {pictures}, test pictures: {tested}. "
        "It takes about {minutes} min on two processors, if no other training runs here.",
        "{count} trainings of about {steps:,} steps; training pictures: {pictures}, test pictures: {tested}. "
        "They take about {minutes} min on two processors, if no other training runs here.",
        len(plan),
        steps=STEPS,
        pictures=join(f"{size:,}" for size in sorted({_size(config, info) for config in plan})),
        tested=info.test_size,
        minutes=max(1, math.ceil(seconds / 60 / capacity.current().runs)),
    )


def _runs(described: ClassSet, info: DatasetInfo) -> dict[ClassifierConfig, Run]:
    """Return the visitor's latest run of each configuration that tries a remedy on these pictures."""
    wanted = set(_plan(described, info, list(REMEDIES), _sizes(info), 3))
    found: dict[ClassifierConfig, Run] = {}
    for run in own_runs.runs():
        with suppress(LabError):
            config = run.config
            if isinstance(config, ClassifierConfig) and config in wanted:
                found.setdefault(config, run)
    return found


def _show_results(runs: dict[ClassifierConfig, Run], info: DatasetInfo) -> None:
    """Show a chart of the accuracy by remedy, without runs that were stopped, and what each run does."""
    pictures, right = gettext("Training pictures"), gettext("Right answers")
    found: dict[int, dict[str, list[float]]] = {}  # accuracies by number of pictures and remedy
    rows: list[dict[str, Cell]] = []
    for config in sorted(runs, key=lambda one: (one.seed, _size(one, info), REMEDIES.index(_remedy(one)))):
        run = runs[config]
        finished = History(run).refresh().finished
        accuracy = finished.metrics.get("test_accuracy") if finished is not None else None
        if finished is not None and accuracy is not None and not finished.stopped:
            found.setdefault(_size(config, info), {}).setdefault(_remedy(config), []).append(accuracy)
        rows.append(
            {
                gettext("Remedy"): gettext(TITLES[_remedy(config)]),
                pictures: _size(config, info),
                gettext("Seed"): config.seed,
                right: "" if accuracy is None else f"{accuracy:.1%}",
                gettext("Run"): plain_sentence(run.status().message),
            }
        )
    if found:
        _show_accuracies(found, info)
    st.dataframe(
        arrow_table(rows),
        lazy=False,
        hide_index=True,
        column_config={right: st.column_config.TextColumn(right, alignment="right")},
        key="results of remedies",
        alt=gettext("Accuracy of each remedy on your pictures"),
    )
    st.page_link(navigation.TRAIN, label=gettext("Open the runs"), icon=":material/show_chart:")


def _show_accuracies(found: dict[int, dict[str, list[float]]], info: DatasetInfo) -> None:
    """Show the accuracies by remedy, over the numbers of pictures if there are several, and a finding."""
    if len(found) == 1:
        (accuracies,) = found.values()
        shown = {gettext(TITLES[name]): accuracies[name] for name in REMEDIES if name in accuracies}
        chart(
            accuracy_by_remedy(shown),
            key="accuracy by remedy",
            alt=gettext("Right answers to your test pictures, by remedy"),
        )
    else:
        lines = {
            gettext(TITLES[name]): {size: by_name[name] for size, by_name in found.items() if name in by_name}
            for name in REMEDIES
        }
        chart(
            accuracy_over_pictures(
                {title: by_size for title, by_size in lines.items() if by_size},
                1 / len(info.classes),
                gettext("Training pictures"),
            ),
            key="accuracy over own pictures",
            alt=gettext(
                "Right answers to your test pictures over the number of training pictures, by remedy"
            ),
        )
    ends = dict.fromkeys((min(found), max(found)))
    told = [_finding(found[size], size, info) for size in ends]
    if any(told):
        st.markdown("**" + " ".join(each for each in told if each) + "**")


def _remedy(config: ClassifierConfig) -> str:
    return config.augmentation if config.architecture == own_remedies.NETWORK else BACKBONE


def _size(config: ClassifierConfig, info: DatasetInfo) -> int:
    return config.train_size or info.train_size


def _finding(accuracies: dict[str, list[float]], pictures: int, info: DatasetInfo) -> str:
    """Return what the finished runs say; nothing before there are two remedies, one of them none."""
    if NOTHING not in accuracies or len(accuracies) < 2:
        return ""
    means = {name: sum(found) / len(found) for name, found in accuracies.items()}
    best = max((name for name in means if name != NOTHING), key=means.__getitem__)
    values = {
        "pictures": pictures,
        "best": escape_markdown(gettext(TITLES[best])),
        "after": means[best],
        "before": means[NOTHING],
        "tested": info.test_size,
    }
    if not own_remedies.helps(means[NOTHING], means[best], info.test_size):
        return gettext(
            "From {pictures:,} training pictures, none of these helps: {before:.0%} right answers without "
            "any, {after:.0%} with the best, {best}, of {tested} pictures.",
            **values,
        )
    return gettext(
        "From {pictures:,} training pictures, {best} helps most: {before:.0%} right answers become "
        "{after:.0%}, of {tested} pictures.",
        **values,
    )
