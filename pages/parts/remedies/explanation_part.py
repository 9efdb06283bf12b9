"""Are explanations true? Deletion and insertion curves of maps, measured and on the visitor's own picture."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures.explanation import over_image
from core.figures.remedies import pixel_share_curves
from core.inference.classifier import Classifier
from core.language import N_, gettext
from core.remedies import explanation_table
from core.remedies.deletion import PixelCurves, pixel_curves
from core.remedies.explanation_table import KINDS_OF_MAP, ExplanationTable, explainers
from core.remedies.shipped_files import read_measurement, shipped_file
from core.subprocesses import ChildProcess
from pages.parts.components.chart import chart
from pages.parts.inside.picture_choice import picture
from pages.parts.remedies.attacked_networks import gradients_of, pick_network
from pages.parts.remedies.measured_networks import network_name
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.tables import Cell, arrow_table

CURVES = {"deletion": N_("Deletion"), "insertion": N_("Insertion")}
SEED = 1  # of the random map of the visitor's picture
_KEPT = "integrated gradients"


def show() -> None:
    """Show the view."""
    st.markdown(
        gettext(
            "A map says which pixels mattered. If that is true, the probability falls fast when the most "
            "important pixels are taken away first, and rises fast when they come first. A random order is "
            "the test of the test."
        )
    )
    _show_measured()
    st.header(gettext("Your own picture"))
    _show_bench(picture())


@st.fragment
@show_errors()
def _show_measured() -> None:
    table = read_measurement(ExplanationTable, shipped_file(explanation_table.FILE, "mnist"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        network: str = st.selectbox(
            gettext("Network"),
            list(table.networks),
            format_func=network_name,
            key="explained network",
            width=280,
        )
        curve = pick_option(gettext("Curve"), CURVES, "pixel curve", default="deletion")
    maps = table.networks[network]
    chart(
        pixel_share_curves(
            {gettext(KINDS_OF_MAP[kind]): getattr(found, curve) for kind, found in maps.items()},
            is_deletion=curve == "deletion",
        ),
        key="measured curves",
        alt=gettext("Probability of the answer over the share of pixels"),
    )
    st.markdown(_finding(table, network))
    _show_areas(table, network)
    st.caption(
        gettext(
            "Means over the first {images} test digits, each explained for the network's answer; pixels "
            "are replaced by black. Random weights: rank correlation with the map of the same network "
            "before its training (seed {seed}); near 1 a map shows the picture, not the network. "
            "Measured by `python -m core measure-remedies explanations --images {images}`.",
            images=table.images,
            seed=table.seed,
        )
    )


def _finding(table: ExplanationTable, network: str) -> str:
    """Return which map to trust for a network, as the numbers say."""
    maps, best = table.networks[network], table.best(network)
    values = {
        "network": escape_markdown(network_name(network)),
        "best": gettext(KINDS_OF_MAP[best]),
        "gap": maps[best].gap,
        "random": round(maps["random"].gap, 2) + 0.0,  # no −0.00
    }
    if best == "random":
        return gettext("**No map explains {network} better than a random order of pixels.**", **values)
    return gettext(
        "**For {network}, trust {best}: between insertion and deletion it has a gap of {gap:.2f}, a random "
        "order {random:.2f}.**",
        **values,
    )


def _show_areas(table: ExplanationTable, network: str) -> None:
    rows: list[dict[str, Cell]] = []
    for kind, found in table.networks[network].items():
        curves = PixelCurves(np.array(found.deletion), np.array(found.insertion))
        rows.append(_areas(kind, curves) | {gettext("Random weights"): round(found.correlation, 2)})
    st.dataframe(
        arrow_table(rows),
        lazy=False,
        hide_index=True,
        key="areas",
        alt=gettext("Areas under the curves of each map"),
    )


def _areas(kind: str, curves: PixelCurves) -> dict[str, Cell]:
    return {
        gettext("Map"): gettext(KINDS_OF_MAP[kind]),
        gettext("Deletion (lower is better)"): round(curves.deletion_area, 3),
        gettext("Insertion (higher is better)"): round(curves.insertion_area, 3),
    }


@st.fragment
@show_errors()
def _show_bench(glyph: np.ndarray) -> None:
    chosen = pick_network(gettext("Explained network"), "own explained network")
    if chosen is None:
        return
    with experiment.show_errors():
        process = gradients_of(chosen, gettext("Compute the maps"))
        if process is not None:
            _show_maps(process, chosen.reader, glyph)


def _show_maps(process: ChildProcess, reader: Classifier, glyph: np.ndarray) -> None:
    label = int(reader.probabilities(glyph[None])[0].argmax())
    image = glyph.reshape(reader.card.shape)
    made = explainers(reader, lambda pixels, wanted: _integrated(process, pixels, wanted), SEED)
    heats = {kind: explain(image, label) for kind, explain in made.items()}
    curves = {kind: pixel_curves(reader.probabilities, image, heat, label) for kind, heat in heats.items()}
    for column, (kind, heat) in zip(st.columns(len(heats)), heats.items(), strict=True):
        with column:
            chart(
                over_image(glyph, heat, signed=kind != "score_cam"),
                key=f"own map {kind}",
                alt=gettext("{kind}: map of your picture", kind=gettext(KINDS_OF_MAP[kind])),
            )
            st.caption(gettext(KINDS_OF_MAP[kind]))
    for column, name in zip(st.columns(2), CURVES, strict=True):
        with column:
            chart(
                pixel_share_curves(
                    {gettext(KINDS_OF_MAP[kind]): getattr(found, name) for kind, found in curves.items()},
                    is_deletion=name == "deletion",
                ),
                key=f"own {name}",
                alt=gettext("Probability of the answer over the share of pixels, your picture"),
            )
    st.dataframe(
        arrow_table([_areas(kind, found) for kind, found in curves.items()]),
        lazy=False,
        hide_index=True,
        key="own areas",
        alt=gettext("Areas under the curves of your picture"),
    )


def _integrated(process: ChildProcess, pixels: np.ndarray, label: int) -> np.ndarray:
    """Return the integrated gradients of the visitor's picture, asked for once."""
    asked = (experiment.start_count(), pixels.tobytes(), label)
    if st.session_state.get(_KEPT, (None,))[0] != asked:
        heat = process.ask("integrated", pixels=pixels, label=label)["heat"]
        st.session_state[_KEPT] = (asked, heat)
    found: np.ndarray = st.session_state[_KEPT][1]
    return found
