"""A kernel of the visitor's own on the picture, then pooling: maximum and mean side by side."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.errors import LabError
from core.figures.maps import coloured
from core.inside.convolution import (
    Convolution,
    Step,
    decompose,
    forward,
    multiplications,
    parameters,
    window_at,
    window_box,
)
from core.inside.highlights import strongest_cell
from core.inside.sandbox import (
    LARGEST,
    PRESETS,
    SIZES,
    WindowSetting,
    convolution,
    edited,
    from_text,
    pooling,
    preset,
    resized,
    to_text,
)
from core.language import N_, gettext
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import equations, link_values
from pages.parts.shared.error_messages import show_errors

SIDE = 236  # width of a map on the screen
FIRST = "vertical_edges"
PRESET_LABELS = {
    "unchanged": N_("Unchanged"),
    "edges": N_("Edges"),
    "vertical_edges": N_("Vertical edges"),
    "horizontal_edges": N_("Horizontal edges"),
    "blur": N_("Blur"),
    "sharpen": N_("Sharpen"),
    "emboss": N_("Emboss"),
}
EARLIER_PRESETS = {"upright edges": "vertical_edges", "level edges": "horizontal_edges"}  # in older links
CELLS = ("row", "column", "poolrow", "poolcolumn")  # values of the link that choose cells
STRIDE = N_("Cells that the window moves from one output cell to the next; 2 halves the output.")
PADDING = N_("Rings of zeros around the picture, so that the window can reach its edge.")
DILATION = N_(
    "Distance between the kernel's numbers: 2 leaves one cell between them, so the window sees more."
)
POOLINGS = {"maximum": N_("Maximum"), "mean": N_("Mean")}
MOST = 8  # of stride, padding, dilation and the pooling's window


def show(glyph: np.ndarray) -> None:
    """Show the view."""
    st.caption(
        gettext(
            "Where the output is strong, the picture resembles the kernel; where it is blue, the picture is "
            "the opposite. Change a number or the stride, and see what is lost."
        )
    )
    _bench((glyph / np.float32(255))[..., None])


@st.fragment
def _bench(image: np.ndarray) -> None:
    with show_errors():
        kernel = _kernel()
        controls, shown = st.columns([4, 5], gap="large")
        with controls:
            _editor(kernel)
            setting = _setting(len(kernel))
        with shown:
            step = convolution(kernel, setting)
            st.html(equations.size_lines(setting.formula(len(image))))
            result = forward(step, image)
            _convolved(step, image, result)
        _sum(step, image, result)
        _pooled(result)


def _kernel() -> np.ndarray:
    """Return the kernel of the link, and show the buttons that choose another."""
    kernel, name = _of_link()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["inside preset"] = name
        st.pills(
            gettext("Kernel"),
            list(PRESETS),
            format_func=lambda preset: gettext(PRESET_LABELS[preset]),
            key="inside preset",
            on_change=_take_preset,
        )
        st.session_state["inside size"] = len(kernel)
        st.segmented_control(
            gettext("Size"),
            SIZES,
            key="inside size",
            required=True,
            format_func=lambda size: f"{size}×{size}",
            on_change=_take_size,
            args=(kernel, name),
        )
    return kernel


def _of_link() -> tuple[np.ndarray, str | None]:
    """Return the kernel, and the preset's id if it is a preset's."""
    asked = st.query_params.get("kernel", FIRST)
    name = EARLIER_PRESETS.get(asked.casefold(), asked.casefold())
    size = SIZES[1] if st.query_params.get("size") == str(SIZES[1]) else SIZES[0]
    if name in PRESETS:
        return preset(name, size), name
    try:
        return from_text(asked), None
    except LabError as error:
        shown = gettext(PRESET_LABELS[FIRST])
        st.info(
            gettext("{error} “{preset}” is used instead.", error=error, preset=shown), icon=":material/info:"
        )
        link_values.forget("kernel")
        return preset(FIRST, size), FIRST


def _take_preset() -> None:
    name = st.session_state["inside preset"]
    if name:  # a second click on a pill takes the choice back; the kernel stays
        link_values.put(kernel=name, size=st.session_state["inside size"])


def _take_size(kernel: np.ndarray, name: str | None) -> None:
    size = st.session_state["inside size"]
    link_values.forget(*CELLS)
    link_values.put(kernel=name or to_text(resized(kernel, size)), size=size)


def _editor(kernel: np.ndarray) -> None:
    """Show the kernel as an editable table; it is replaced only where the link was changed from elsewhere."""
    text = to_text(kernel)
    if st.session_state.get("inside edited") != text:
        st.session_state["inside edited"] = text
        st.session_state["inside base"] = kernel
        st.session_state["inside edition"] = st.session_state.get("inside edition", 0) + 1
    base = st.session_state["inside base"]
    key = f"inside kernel {st.session_state['inside edition']}"
    st.data_editor(
        {str(i + 1): base[:, i] for i in range(len(base))},
        column_config={
            str(i + 1): st.column_config.NumberColumn(
                min_value=-LARGEST, max_value=LARGEST, width=62, required=True
            )
            for i in range(len(base))
        },
        hide_index=True,
        key=key,
        on_change=_take_numbers,
        args=(key, base),
    )


def _take_numbers(key: str, base: np.ndarray) -> None:
    """Write the edited table into the link, and say so where something in it is not a number."""
    kernel, sound = edited(base, st.session_state[key]["edited_rows"])
    if not sound:
        st.toast(gettext("Only numbers count here, such as 0.5; the cell is now 0."), icon=":material/info:")
    st.session_state["inside edited"] = to_text(kernel)
    link_values.put(kernel=to_text(kernel))


def _setting(size: int) -> WindowSetting:
    """Return stride, padding and dilation of the link, and show their fields."""
    stride, dilation = link_values.number("stride", MOST, 1), link_values.number("dilation", MOST, 1)
    padding = link_values.number("padding", MOST, 1, low=0)
    with st.container(horizontal=True):
        link_values.number_input(
            gettext("Stride"), "stride", stride, MOST, forgets=CELLS, help=gettext(STRIDE)
        )
        link_values.number_input(
            gettext("Padding"), "padding", padding, MOST, low=0, forgets=CELLS, help=gettext(PADDING)
        )
        link_values.number_input(
            gettext("Dilation"), "dilation", dilation, MOST, forgets=CELLS, help=gettext(DILATION)
        )
    if stride > 1 and dilation > 1:
        st.caption(
            gettext(
                "Keras accepts a stride or a dilation above 1, but not both; the sums here are valid anyway."
            )
        )
    return WindowSetting(size, stride, padding, dilation)


def _cell(result: np.ndarray, row: str, column: str) -> tuple[int, int]:
    """Return the cell of the link, else the strongest; counted from 0."""
    height, width = result.shape[:2]
    best = strongest_cell(result[..., 0])
    return (
        link_values.number(row, height, best[0] + 1) - 1,
        link_values.number(column, width, best[1] + 1) - 1,
    )


def _convolved(step: Convolution, image: np.ndarray, result: np.ndarray) -> None:
    row, column = _cell(result, "row", "column")
    panels = [
        Panel(
            id="input",
            title=gettext("Your picture"),
            image=coloured(image[..., 0]),
            width=SIDE,
            alt=gettext("Your picture, with the window of the cell outlined"),
            note=gettext("{size}×{size} pixels from 0 to 1", size=len(image)),
            outlines={"window": window_box(step.geometry, row, column)},
        ),
        Panel(
            id="output",
            title=gettext("Output"),
            image=coloured(result[..., 0]),
            width=SIDE,
            alt=gettext("Output of the kernel"),
            note=_size_note(result, row, column),
            cell=(row, column),
        ),
    ]
    pixels(panels, key="inside bench", on_pick=lambda _, r, c: link_values.put(row=r + 1, column=c + 1))


def _sum(step: Convolution, image: np.ndarray, result: np.ndarray) -> None:
    row, column = _cell(result, "row", "column")
    found = decompose(step, image, row, column, 0)
    st.html(equations.products(found, 0, (gettext("Window of your picture"), gettext("Kernel"))))
    st.html(equations.sum_lines(found, 0, gettext("Your picture")))
    st.caption(
        gettext(
            "{parameters} parameters; {products} products for each of {cells} cells are {total:,} "
            "multiplications. Numbers are rounded for display only.",
            parameters=parameters(step),
            products=step.kernel.size,
            cells=result.size,
            total=multiplications(step, *image.shape[:2]),
        )
    )


def _pooled(result: np.ndarray) -> None:
    """Show the output pooled by maximum and by mean."""
    st.markdown(gettext("**Pooling: the output shrinks to the maximum or the mean of each window**"))
    size, stride = link_values.number("pool", MOST, 2), link_values.number("step", MOST, 2)
    with st.container(horizontal=True):
        link_values.number_input(gettext("Pooling window"), "pool", size, MOST, forgets=CELLS)
        link_values.number_input(gettext("Pooling stride"), "step", stride, MOST, forgets=CELLS)
    setting = WindowSetting(size, stride)
    st.html(equations.size_lines(setting.formula(min(result.shape[:2]))))
    ways = {"maximum": pooling(setting, average=False), "mean": pooling(setting, average=True)}
    maps = {name: forward(step, result) for name, step in ways.items()}
    row, column = _cell(maps["maximum"], "poolrow", "poolcolumn")
    panels = [_pool_input(ways["maximum"], result, row, column)]
    panels += [
        Panel(
            id=name,
            title=gettext(POOLINGS[name]),
            image=coloured(made[..., 0]),
            width=SIDE,
            alt=gettext(POOLINGS[name]),
            note=_size_note(made, row, column),
            cell=(row, column),
        )
        for name, made in maps.items()
    ]
    pixels(
        panels, key="inside pools", on_pick=lambda _, r, c: link_values.put(poolrow=r + 1, poolcolumn=c + 1)
    )
    window = window_at(ways["maximum"].geometry, result, row, column)
    for name, step in ways.items():
        st.html(equations.pool_lines(window, 0, step.average, float(maps[name][row, column, 0])))


def _pool_input(step: Step, result: np.ndarray, row: int, column: int) -> Panel:
    return Panel(
        id="pooled",
        title=gettext("Output of the kernel"),
        image=coloured(result[..., 0]),
        width=SIDE,
        alt=gettext("Output of the kernel, with the window of the cell outlined"),
        note=gettext("{height}×{width} cells", height=result.shape[0], width=result.shape[1]),
        outlines={"window": window_box(step.geometry, row, column)},
    )


def _size_note(result: np.ndarray, row: int, column: int) -> str:
    return gettext(
        "{height}×{width} cells; this one is {value}",
        height=result.shape[0],
        width=result.shape[1],
        value=equations.number(float(result[row, column, 0])),
    )
