"""Count the parameters and multiplications of a layer as sums, and of all layers in a table."""

from __future__ import annotations

import streamlit as st

from core.inside.convolution import Convolution, multiplications, parameters
from core.inside.layer_costs import LayerCost, total_cost
from core.inside.vector_steps import Dense
from core.language import gettext
from pages.parts.inside.map_scene import MapCell, Scene
from pages.parts.shared.tables import Cell, arrow_table


def show_costs(scene: Scene, cell: MapCell) -> None:
    """Show the sums of the cell's layer if it is a convolution, and a section with the table."""
    step = scene.steps[cell.layer]
    if isinstance(step, Convolution):
        st.markdown(_sums(step, *scene.maps[cell.layer].shape[:2]))
    section = st.expander(
        gettext("Parameters and multiplications of all layers"),
        icon=":material/table:",
        key="inside counts",
        on_change="rerun",
    )
    if section.open:
        with section:
            _table(scene.network.costs)


def _sums(step: Convolution, height: int, width: int) -> str:
    """Return the sums for an input of this height and width."""
    *window, count = step.kernel.shape
    cells: tuple[int, ...] = (*step.geometry.output(height, width), count)
    if isinstance(step, Dense):  # whose windows and maps have one cell
        window, cells = window[2:], cells[2:]
    terms = [gettext("{shape} kernel weights", shape=_shape((*window, count)))]
    if step.bias is not None:
        terms.append(gettext("{count} biases", count=count))
    if step.norm is not None:
        terms.append(gettext("4×{count} of the normalisation", count=count))
    return gettext(
        "**{parameters:,} parameters**: {terms}. "
        "**{products:,} multiplications**: {window} for each of {cells} numbers.",
        parameters=parameters(step),
        terms=" + ".join(terms),
        products=multiplications(step, height, width),
        window=_shape(window),
        cells=_shape(cells),
    )


def _table(costs: tuple[LayerCost, ...]) -> None:
    total = total_cost(costs)
    names = [*((cost.name, cost.kind, _shape(cost.shape)) for cost in costs), (gettext("All layers"), "", "")]
    rows: list[dict[str, Cell]] = [
        {
            "layer": name,
            "kind": kind,
            "output": shape,
            "parameters": f"{cost.parameters:,}",
            "multiplications": f"{cost.multiplications:,}",
        }
        for (name, kind, shape), cost in zip(names, (*costs, total), strict=True)
    ]
    st.dataframe(
        arrow_table(rows),
        lazy=False,
        column_config={
            "layer": gettext("Layer"),
            "kind": gettext("Kind"),
            "output": gettext("Output"),
            "parameters": gettext("Parameters"),
            "multiplications": gettext("Multiplications"),
        },
        hide_index=True,
        height="content",
    )


def _shape(sizes: tuple[int, ...] | list[int]) -> str:
    return "×".join(map(str, sizes))
