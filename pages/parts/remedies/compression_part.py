"""Compression: accuracy over kilobytes, each network a point."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.bundles.bundle import Bundle, Card, open_bundle, read_card
from core.contract.config import from_dict
from core.figures.remedies import accuracy_over_size
from core.inference.classifier import Classifier
from core.language import gettext, join
from core.messages import message
from core.remedies import compression, distillation
from core.remedies.compression import FORMS, CompressionTable, MeasuredNetwork, Recipe
from core.remedies.distillation import DISTILLED
from core.remedies.shipped_files import read_measurement, shipped_file
from core.runs.store.run import Run
from pages.parts.components.chart import chart
from pages.parts.remedies.attacked_networks import ChosenNetwork, pick_network
from pages.parts.remedies.measured_networks import network_name, pick_dataset
from pages.parts.remedies.shipped_answers import answers_for
from pages.parts.shared import experiment, navigation, own_runs, run_control, visitors
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.tables import Cell, arrow_table

PATIENCE = 120.0  # seconds to convert a network on a busy machine,
FINE_TUNING_PATIENCE = 600.0  # and to train it again before
_MADE = "compressed networks"  # in the session's state
MOST_MADE = 8  # of the visitor's networks that the chart shows
NEARLY = 0.001  # accuracy that a smaller network may lose


@dataclass(frozen=True)
class Comparison:
    """A network and its compressed copy."""

    images: int  # on which both were measured
    names: tuple[str, str]
    kilobytes: tuple[float, float]
    accuracies: tuple[float, float]

    @property
    def points(self) -> tuple[tuple[float, float, str], ...]:
        """Kilobytes, accuracy and name of both."""
        return tuple(zip(self.kilobytes, self.accuracies, self.names, strict=True))


def show() -> None:
    """Show the view."""
    st.markdown(
        gettext(
            "Pruning sets the smallest weights to zero; quantising stores weights with fewer bits; "
            "distilling teaches a tiny network the answers of a large one. How small can a network be before "
            "it reads worse?"
        )
    )
    _show_measured()
    st.header(gettext("Compress a network"))
    _show_bench()


@st.fragment
@show_errors()
def _show_measured() -> None:
    dataset = pick_dataset()
    table = read_measurement(CompressionTable, shipped_file(compression.FILE, dataset))
    st.markdown(_finding(table))
    groups: dict[str, list[tuple[float, float, str]]] = {}
    for one in table.networks:
        groups.setdefault(_group(one), []).append((one.packed_kilobytes, one.accuracy, _name(one)))
    if dataset == "mnist":
        for made in _made():
            group = groups.setdefault(gettext("Yours, on {count} digits", count=made.images), [])
            group.extend(point for point in made.points if point not in group)
    chart(
        accuracy_over_size(groups),
        key="accuracy over size",
        alt=gettext("Share of right answers over the size of the network's file"),
    )
    _show_table(table)
    st.caption(
        gettext(
            "Measured on {images:,} test images through LiteRT, one network of each kind. Trained again: "
            "{steps} steps of {batch} training images after pruning, zeros kept. The packed size is what the "
            "file takes in a ZIP file, in which zeros need little room. Spoilt: mean over fifteen kinds of "
            "corruption at strength 3, {spoilt} images. Time: the fastest of {timed} single images. Measured "
            "by `python -m core measure-remedies compression --dataset {dataset} --images {count}`.",
            steps=compression.FINE_TUNING_STEPS,
            batch=compression.FINE_TUNING_BATCH,
            count=table.images,
            images=table.images,
            spoilt=compression.SPOILT_IMAGES,
            timed=compression.TIMED,
            dataset=dataset,
        )
    )
    missing = [_name(recipe) for recipe in table.missing()]
    if dataset == "mnist" and not any(one.network == DISTILLED for one in table.networks):
        missing.append(network_name(DISTILLED))
    if missing:
        st.caption(gettext("Not measured yet: {networks}.", networks=join(missing)))


def _group(one: MeasuredNetwork) -> str:
    values = {"network": network_name(one.network), "form": gettext(FORMS[one.form])}
    if one.fine_tuned:
        return gettext("{network}, {form}, trained again", **values)
    return gettext("{network}, {form}", **values)


def _name(one: MeasuredNetwork | Recipe) -> str:
    form = gettext(FORMS[one.form])
    if not one.pruned:
        return form
    if one.fine_tuned:
        return gettext("{share:.0%} pruned, trained again, {form}", share=one.pruned, form=form)
    return gettext("{share:.0%} pruned, {form}", share=one.pruned, form=form)


def _finding(table: CompressionTable) -> str:
    """Return the sentence that the numbers support, whichever way they fall."""
    first = table.networks[0]
    good = [
        one
        for one in table.networks
        if one.network == first.network and one.accuracy >= first.accuracy - NEARLY
    ]
    smallest = min(good, key=lambda one: one.packed_kilobytes)
    if smallest is first:
        return gettext(
            "**No compressed network keeps the accuracy of {network} to within 0.1 percentage points.**",
            network=escape_markdown(network_name(first.network)),
        )
    return gettext(
        "**{network} keeps its accuracy to within 0.1 percentage points in {small:.0f} kB in place of "
        "{large:.0f} kB: {how}.**",
        network=escape_markdown(network_name(first.network)),
        small=smallest.packed_kilobytes,
        large=first.packed_kilobytes,
        how=_name(smallest),
    )


def _show_table(table: CompressionTable) -> None:
    rows: list[dict[str, Cell]] = [
        {
            gettext("Network"): network_name(one.network),
            gettext("Compression"): _name(one),
            gettext("File (kB)"): round(one.kilobytes),
            gettext("Packed (kB)"): round(one.packed_kilobytes),
            gettext("Right answers"): one.accuracy,
            gettext("Calibration error"): one.calibration_error,
            gettext("Spoilt: wrong"): one.spoilt_error,
            gettext("Time (ms)"): round(one.milliseconds, 2),
        }
        for one in table.networks
    ]
    shares = (gettext("Right answers"), gettext("Calibration error"), gettext("Spoilt: wrong"))
    st.dataframe(
        arrow_table(rows),
        lazy=False,
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(name, format="percent") for name in shares},
        key="compressed networks",
        alt=gettext("Figures of each compressed network"),
    )


@st.fragment
@show_errors()
def _show_bench() -> None:
    """Make a compressed copy of a network, as a run of the visitor's with which Classify reads."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = pick_network(gettext("Network to compress"), "network to compress")
        form = pick_option(gettext("Weights"), FORMS, "compressed form", default="dynamic8")
    if chosen is None:
        return
    percent = st.slider(gettext("Weights to prune (%)"), 0, 98, 0, 1, key="share to prune", width=480)
    again = st.toggle(
        gettext("Train again after pruning"),
        key="train again",
        disabled=not percent,
        help=gettext("About a minute more on two processors; the zeros stay zero."),
    )
    recipe = Recipe(form, percent / 100, again and percent > 0)
    if st.button(gettext("Compress network"), icon=":material/compress:", key="compress"):
        _make(chosen, recipe)
    if made := _made():
        _show_made(made[-1])
    _show_distilled()


def _make(chosen: ChosenNetwork, recipe: Recipe) -> None:
    """Write a compressed copy into a new run, from a child process that ends at once."""
    process = experiment.start("network_compression", folder=str(chosen.folder))
    if process is None:
        return
    name = gettext("{network}, {how}", network=gettext(chosen.reader.card.title), how=_name(recipe))
    with experiment.show_errors():
        try:
            with (
                st.spinner(gettext("Compressing the network"), show_time=True),
                _new_run(chosen.reader.card, name, _name(recipe)) as run,
            ):
                process.ask(
                    "make",
                    form=recipe.form,
                    pruned=recipe.pruned,
                    fine_tuned=recipe.fine_tuned,
                    target=str(run.bundle),
                    title=name,
                    timeout=FINE_TUNING_PATIENCE if recipe.fine_tuned else PATIENCE,
                )
        finally:
            experiment.close()
        names = gettext(chosen.reader.card.title), name
        found = _compared((chosen.reader.bundle, open_bundle(run.bundle)), names)
        st.session_state[_MADE] = (*_made(), found)[-MOST_MADE:]
        st.rerun()  # for the chart


@contextmanager
def _new_run(card: Card, name: str, how: str) -> Iterator[Run]:
    """Yield a run of the visitor's into whose folder a bundle is written; it is deleted if that fails."""
    me = visitors.starter()
    run = own_runs.store().create(from_dict(card.config), name=name, visitor=me.id, address=me.address)
    made = False
    try:
        yield run
        made = True
    finally:
        if not made:
            own_runs.store().delete(run.id)
    run.write_status(state="finished", message=message("remedies.compressed", how=how), ended=time.time())
    run_control.grant(run)
    own_runs.remember(run)


def _show_distilled() -> None:
    """Offer the tiny network, if it is shipped, as a run of the visitor's with which Classify reads."""
    folder = shipped_file(distillation.FOLDER, "mnist")
    if not folder.exists():
        return
    card = read_card(folder)
    st.caption(
        gettext(
            "Or take the tiny network. Its {parameters:,} parameters learnt the probabilities that the large "
            "network gives to digits and to distorted copies of them; it reads {accuracy:.2%} of the test "
            "digits correctly (`python -m core measure-remedies distil`).",
            parameters=card.parameters,
            accuracy=card.metrics["test_accuracy"],
        )
    )
    if st.button(gettext("Take tiny network"), icon=":material/download_done:", key="take distilled"):
        name = network_name(DISTILLED)
        with _new_run(card, name, name) as run:
            shutil.copytree(folder, run.bundle)
        st.success(gettext("Classify offers it among your networks."), icon=":material/check:")


def _made() -> tuple[Comparison, ...]:
    """Return the visitor's latest compressed networks beside those that they were made of."""
    made: tuple[Comparison, ...] = st.session_state.get(_MADE, ())
    return made


def _compared(bundles: tuple[Bundle, Bundle], names: tuple[str, str]) -> Comparison:
    pictures = answers_for("mnist").pictures
    labels = np.repeat(np.arange(len(pictures)), pictures.shape[1])
    images = pictures.reshape(-1, *pictures.shape[2:])
    before, after = (compression.accuracy(Classifier(b).probabilities(images), labels) for b in bundles)
    large, small = map(compression.packed_kilobytes, bundles)
    return Comparison(len(images), names, (large, small), (before, after))


def _show_made(made: Comparison) -> None:
    """Show the size and the accuracy of the compressed copy beside those of the network."""
    (large, small), (before, after) = made.kilobytes, made.accuracies
    with st.container(horizontal=True):
        st.metric(
            gettext("Packed file (kB)"),
            f"{small:.0f}",
            f"{small - large:+.0f}",
            delta_color="inverse",
            border=True,
        )
        st.metric(gettext("Right answers"), f"{after:.1%}", f"{100 * (after - before):+.1f}", border=True)
    st.caption(
        gettext(
            "Measured on {count} test digits, against the network that you chose. Classify offers the new "
            "network among yours.",
            count=made.images,
        )
    )
    st.page_link(
        navigation.CLASSIFY, label=gettext("Read a picture with it"), icon=":material/arrow_forward:"
    )
