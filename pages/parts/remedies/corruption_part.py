"""Does it break? Errors of networks and ensembles under fifteen kinds of corruption."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures.remedies import error_matrix, error_over_strength
from core.images.corruption_kinds import KINDS, STRENGTHS, corrupted_stack, kind_named
from core.language import gettext
from core.remedies import corruption_table
from core.remedies.corruption_table import CorruptionTable
from core.remedies.ensembles import averaged, members
from core.remedies.shipped_files import read_measurement, shipped_file
from core.remedies.stored_answers import StoredAnswers
from pages.parts.components.chart import chart
from pages.parts.remedies import own_network
from pages.parts.remedies.measured_networks import (
    network_name,
    pick_dataset,
    shipped_readers,
)
from pages.parts.remedies.share_table import show_shares
from pages.parts.remedies.shipped_answers import answers_for
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.shared.picture_urls import enlarged

KIND, STRENGTH = "kind", "strength"  # widget keys


def show() -> None:
    """Show the view."""
    st.markdown(
        gettext(
            "Each test picture is spoilt in fifteen ways, at five strengths. Which network still reads it? "
            "Does it help to learn from distorted pictures, or to ask several networks?"
        )
    )
    _show_table()


@st.fragment
@show_errors()
def _show_table() -> None:
    dataset = pick_dataset()
    shipped = read_measurement(CorruptionTable, shipped_file(corruption_table.FILE, dataset))
    st.markdown(_finding(shipped))
    table = own_network.with_own(shipped)
    _show_means(table)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _draw_matrix(table)
    with right:
        _show_kind(table, _picked_kind(table), answers_for(dataset))
    st.caption(_how_measured(shipped))
    own_network.measure(dataset)


def _finding(table: CorruptionTable) -> str:
    """Return the sentence that the numbers support, whichever way they fall."""
    by_error = sorted(table.networks, key=table.mean_error)
    best, worst = by_error[0], by_error[-1]
    clean_best = min(table.networks, key=lambda name: table.clean[name])
    if best == worst:
        return gettext(
            "**{network} reads {clean:.1%} of unspoilt pictures wrongly, and {error:.1%} of spoilt ones.**",
            network=escape_markdown(network_name(best)),
            clean=table.clean[best],
            error=table.mean_error(best),
        )
    return gettext(
        "**Spoilt pictures are read best by {best}: {low:.1%} wrong, against {high:.1%} by {worst}. On "
        "unspoilt pictures {clean_best} leads with {clean:.2%} wrong.**",
        best=escape_markdown(network_name(best)),
        low=table.mean_error(best),
        high=table.mean_error(worst),
        worst=escape_markdown(network_name(worst)),
        clean_best=escape_markdown(network_name(clean_best)),
        clean=table.clean[clean_best],
    )


def _show_means(table: CorruptionTable) -> None:
    show_shares(
        [(n, (table.clean[n], table.mean_error(n), table.relative_error(n))) for n in table.networks],
        [gettext("Unspoilt: wrong"), gettext("Spoilt: wrong"), gettext("mCE")],
        key="corruption means",
        alt=gettext("Mean errors of each network"),
    )
    st.caption(
        gettext(
            "mCE, the mean corruption error: errors under each kind, divided by those of {baseline}, then "
            "averaged. So a kind that {baseline} reads almost without errors weighs as much as one that it "
            "cannot read.",
            baseline=escape_markdown(network_name(table.baseline)),
        )
    )


def _draw_matrix(table: CorruptionTable) -> None:
    kinds = [kind for kind in KINDS if kind.name in table.errors]

    def choose(_column: int, row: int) -> None:
        if 0 <= row < len(kinds):
            st.session_state[KIND] = kinds[row].name  # the list says what was clicked

    errors = np.array([[np.mean(table.errors[k.name][n]) for n in table.networks] for k in kinds])
    chart(
        error_matrix(
            errors,
            [gettext(kind.title) for kind in kinds],
            [network_name(name) for name in table.networks],
        ),
        key="corruption matrix",
        alt=gettext("Wrong answers (%) by kind of corruption and network"),
        on_click=choose,
    )


def _picked_kind(table: CorruptionTable) -> str:
    """Return the kind that was clicked or is chosen, and draw the list."""
    kinds = [kind.name for kind in KINDS if kind.name in table.errors]
    if st.session_state.get(KIND) not in kinds:
        st.session_state[KIND] = kinds[0]
    chosen: str = st.selectbox(
        gettext("Kind of corruption"),
        kinds,
        format_func=lambda name: gettext(kind_named(name).title),
        help=gettext("Click a square of the table, or choose one here."),
        filter_mode=None,
        key=KIND,
    )
    return chosen


def _show_kind(table: CorruptionTable, kind: str, answers: StoredAnswers) -> None:
    curves = {network_name(name): [table.clean[name], *table.errors[kind][name]] for name in table.networks}
    chart(
        error_over_strength(curves, [0, *STRENGTHS]),
        key="errors by strength",
        alt=gettext("Wrong answers over the strength of the corruption"),
    )
    strength: int = st.select_slider(gettext("Strength"), STRENGTHS, value=STRENGTHS[2], key=STRENGTH)
    _show_pictures(table, kind, strength, answers)


def _show_pictures(table: CorruptionTable, kind: str, strength: int, answers: StoredAnswers) -> None:
    """Show one test picture of each class, spoilt, and the answers to it."""
    images = corrupted_stack(kind_named(kind), strength, answers.pictures[:, 0], table.seed)
    wanted = sorted({member for name in table.networks for member in members(name)})
    readers = shipped_readers(wanted)
    probabilities = {name: reader.probabilities(images) for name, reader in readers.items()}
    classes = next(iter(readers.values())).card.classes
    known = [name for name in table.networks if set(members(name)) <= set(readers)]
    read = {name: averaged(probabilities, name).argmax(axis=1) for name in known}
    with st.container(horizontal=True, gap="small"):
        for label, image in enumerate(images):
            with st.container(width=72, gap="xsmall"):
                st.image(
                    enlarged(image, 3),
                    alt=gettext("A spoilt picture of {name}", name=classes[label]),
                    width=64,
                )
                st.caption(_answers(label, read, classes))


def _answers(label: int, read: dict[str, np.ndarray], classes: tuple[str, ...]) -> str:
    """Return how many networks read a picture rightly, and what the others read instead."""
    wrong = sorted({classes[int(found[label])] for found in read.values() if found[label] != label})
    right = sum(int(found[label] == label) for found in read.values())
    if not wrong:
        return gettext("{count} of {total} right", count=right, total=len(read))
    return gettext(
        "{count} of {total} right; else {answers}",
        count=right,
        total=len(read),
        answers=escape_markdown(", ".join(wrong)),
    )


def _how_measured(table: CorruptionTable) -> str:
    return gettext(
        "Share of wrong answers on the first {images:,} test images, each spoilt once for every kind and "
        "strength (seed {seed}). The kinds are those of MNIST-C, in this project's own code. Measured by "
        "`python -m core measure-remedies corruptions --dataset {dataset} --images {count}`.",
        images=table.images,
        seed=table.seed,
        dataset=table.dataset,
        count=table.images,
    )
