"""Too little data? Accuracy over the number of training pictures, a line for each remedy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from core.contract import architectures
from core.figures.learning_ways import accuracy_over_pictures
from core.language import N_, gettext, join, ngettext
from core.remedies import data_curves
from core.remedies.data_curves import (
    GROUPED,
    GROUPS,
    HALF,
    NOTHING,
    PLANS,
    REMEDIES,
    DataCurves,
    Effect,
    effects,
    worth_in_real_pictures,
)
from core.remedies.shipped_files import read_measurement, shipped_file
from pages.parts.components.chart import chart
from pages.parts.remedies import own_trainings
from pages.parts.remedies.measured_networks import DATASETS, pick_dataset
from pages.parts.shared.error_messages import show_errors
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.tables import Cell, arrow_table

TITLES = {**DATASETS, "cifar10": N_("Photographs")}
NOTES = {
    "generated": N_(
        "The generator has learnt from all training pictures, so this says what its pictures are worth, not "
        "that they help people who have only a few."
    ),
    "domain": N_(
        "The network first takes as many steps on {images:,} pictures of the other domain, then goes on "
        "with the few."
    ),
    "labels": N_(
        "Half of the pictures have labels. In self-training, a network that has learnt from them labels "
        "the others, and another learns from all pictures of which the first gives its answer 90% or more."
    ),
    "colour": N_(
        "The backbone has learnt a thousand kinds of things from photographs; here, only one new layer "
        "on its features is trained. The photographs are CIFAR-10's, from a copy compressed as JPEG."
    ),
}
OTHER_IMAGES = 10_000


def show() -> None:
    """Show the view."""
    st.markdown(
        gettext(
            "A network learns from a few pictures of each class. Do distorted copies, generated pictures, or "
            "what it learnt elsewhere make up for the pictures that are missing?"
        )
    )
    measured = {name: title for name, title in TITLES.items() if _file(name).exists()}
    if measured:
        _show_measured(measured)
    else:
        st.info(
            gettext("This has not been measured yet; `python -m core measure-remedies data` does it."),
            icon=":material/hourglass_empty:",
        )
    unmeasured = [gettext(title) for name, title in TITLES.items() if name not in measured]
    if measured and unmeasured:
        st.caption(gettext("Not measured yet: {datasets}.", datasets=join(unmeasured)))
    st.header(gettext("Your own pictures"))
    own_trainings.show()


@st.fragment
@show_errors()
def _show_measured(measured: Mapping[str, str]) -> None:
    dataset = pick_dataset(measured)
    curves = read_measurement(DataCurves, _file(dataset))
    found = curves.by_remedy()
    groups = {group: GROUPS[group] for group, remedies in GROUPED.items() if set(remedies) & set(found)}
    group = pick_option(gettext("Remedy"), groups, f"remedies of {dataset}", default=next(iter(groups)))
    shown = [name for name in (NOTHING, *GROUPED[group]) if name in found]
    chart(
        accuracy_over_pictures({gettext(REMEDIES[name]): found[name] for name in shown}, None),
        key="accuracy over pictures",
        alt=gettext("Accuracy over the number of training pictures, by remedy"),
    )
    st.markdown(_finding(curves, group))
    if group in NOTES:
        st.markdown(gettext(NOTES[group], images=OTHER_IMAGES))
    _show_means(curves, shown)
    st.caption(_how_measured(curves))
    if missing := len(list(curves.missing(PLANS[dataset]))):
        st.caption(
            ngettext(
                "{count} of {all} planned trainings has not been made yet, and is missing above.",
                "{count} of {all} planned trainings have not been made yet, and are missing above.",
                missing,
                all=missing + len(curves.points),
            )
        )


def _file(dataset: str) -> Path:
    return shipped_file(data_curves.FILE, dataset)


def _finding(curves: DataCurves, group: str) -> str:
    """Return what the numbers say of the fewest and of the most pictures, whichever way they fall."""
    baseline = HALF if group == "labels" else NOTHING
    remedies = [remedy for remedy in GROUPED[group] if remedy != baseline]
    sizes = sorted(curves.means(baseline))
    told = [_sentences(effects(curves, remedies, size, baseline), baseline) for size in (sizes[0], sizes[-1])]
    worth = worth_in_real_pictures(curves, sizes[1]) if group == "generated" and len(sizes) > 1 else None
    if worth is not None:
        told.append(
            gettext(
                "On their own, {count} generated pictures of each class are worth {real:.0f} real ones, so "
                "one generated picture is worth {ratio:.2f} of a real one.",
                count=sizes[1],
                real=worth * sizes[1],
                ratio=worth,
            )
        )
    return "**" + " ".join(each for each in told if each) + "**"


def _sentences(found: list[Effect], baseline: str) -> str:
    """Return which remedy is best from so many pictures, and which is clearly worse than the baseline."""
    if not found:
        return ""
    best, worst = found[0], found[-1]
    values = {
        "pictures": best.pictures,
        "best": gettext(REMEDIES[best.remedy]),
        "baseline": gettext(REMEDIES[baseline]),
        "before": best.before,
        "after": best.after,
    }
    if best.after <= best.before:
        told = gettext(
            "From {pictures:,} pictures of each class, nothing helps here: “{baseline}” gives {before:.1%} "
            "right answers, the best remedy, “{best}”, {after:.1%}.",
            **values,
        )
    elif best.is_clear:
        told = gettext(
            "From {pictures:,} pictures of each class, “{best}” helps most: {before:.1%} right answers "
            "become {after:.1%}.",
            **values,
        )
    else:
        told = gettext(
            "From {pictures:,} pictures of each class, “{best}” leads with {after:.1%} right answers, "
            "against {before:.1%} with “{baseline}”; that may be chance.",
            **values,
        )
    if worst.after < worst.before and worst.is_clear and worst is not best:
        name = gettext(REMEDIES[worst.remedy])
        hurts = gettext("This hurts: “{worst}”, {after:.1%}.", worst=name, after=worst.after)
        return f"{told} {hurts}"
    return told


def _show_means(curves: DataCurves, shown: list[str]) -> None:
    sizes = sorted({point.pictures for point in curves.points})
    titles = {size: gettext("{count:,} of each class", count=size) for size in sizes}
    rows: list[dict[str, Cell]] = []
    for remedy in shown:
        means = curves.means(remedy)
        rows.append(
            {gettext("Remedy"): gettext(REMEDIES[remedy])} | {titles[size]: means.get(size) for size in sizes}
        )
    st.dataframe(
        arrow_table(rows),
        lazy=False,
        hide_index=True,
        column_config={
            title: st.column_config.NumberColumn(title, format="percent") for title in titles.values()
        },
        key="means over seeds",
        alt=gettext("Mean accuracy by remedy and number of pictures"),
    )


def _how_measured(curves: DataCurves) -> str:
    seeds = len({point.seed for point in curves.points})
    return ngettext(
        "{network}, {steps:,} steps of {batch} pictures everywhere, {count} seed; right answers to "
        "{images:,} test pictures. Measured by `python -m core measure-remedies data --dataset {dataset}`.",
        "{network}, {steps:,} steps of {batch} pictures everywhere; means over {count} seeds, bars from the "
        "lowest to the highest; right answers to {images:,} test pictures. Measured by "
        "`python -m core measure-remedies data --dataset {dataset}`.",
        seeds,
        network=gettext(architectures.get(curves.architecture).title),
        steps=curves.steps,
        batch=curves.batch_size,
        images=curves.test_images,
        dataset=curves.dataset,
    )
