"""A kernel of the visitor's own on the picture, and pooling: maximum and mean side by side."""

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
from core.inside.sandbox import (
    LARGEST,
    PRESETS,
    SIZES,
    WindowSetting,
    convolution,
    from_text,
    pooling,
    preset,
    resized,
    to_text,
)
from pages.parts.components.pixel_grid import Panel, pixels
from pages.parts.inside import equations, link_values
from pages.parts.shared.error_messages import show_errors

SIDE = 236  # width of a map on the screen
FIRST = "Upright edges"
CELLS = ("row", "column", "poolrow", "poolcolumn")  # what the link says of cells
STRIDE = "How many cells the window moves from one output cell to the next; 2 halves the output."
PADDING = "How many rings of zeros are laid around the picture, so that the window can reach its edge."
DILATION = "How far apart the kernel's numbers lie: 2 leaves one cell between them, and the window sees more."
MOST = 8  # of stride, padding, dilation and the pooling's window


def show(glyph: np.ndarray) -> None:
    """The view of the sandbox."""
    st.caption(
        "Look where the output is strong: there the picture resembles the kernel, and where it is blue it is "
        "the opposite. Then change a number, or let the kernel take longer steps, and see what is lost."
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
    """The kernel of the link, a preset's name or numbers, with the buttons to take another."""
    kernel, name = _of_link()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["inside preset"] = name
        st.pills("Kernel", list(PRESETS), key="inside preset", on_change=_take_preset)
        st.session_state["inside size"] = len(kernel)
        st.segmented_control(
            "Size",
            SIZES,
            key="inside size",
            required=True,
            format_func=lambda size: f"{size}×{size}",
            on_change=_take_size,
            args=(kernel, name),
        )
    return kernel


def _of_link() -> tuple[np.ndarray, str | None]:
    """The kernel, and the preset's name if it is one's."""
    asked = st.query_params.get("kernel", FIRST)
    size = SIZES[1] if st.query_params.get("size") == str(SIZES[1]) else SIZES[0]
    if asked in PRESETS:
        return preset(asked, size), asked
    try:
        return from_text(asked), None
    except LabError as error:
        st.info(f"{error} {FIRST} stands here instead.", icon=":material/info:")
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
    """The kernel as a table to write in. It is laid out anew only where the link changed from elsewhere."""
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
    """Writes the edited table into the link; what is no number counts as 0, which is said."""
    kernel, strange = base.copy(), False
    for row, cells in st.session_state[key]["edited_rows"].items():
        for column, value in cells.items():
            sound = isinstance(value, int | float) and np.isfinite(value)
            strange = strange or not sound
            kernel[int(row), int(column) - 1] = np.clip(value if sound else 0.0, -LARGEST, LARGEST)
    if strange:
        st.toast("What is no number counts as 0 here; write one such as 0.5.", icon=":material/info:")
    st.session_state["inside edited"] = to_text(kernel)
    link_values.put(kernel=to_text(kernel))


def _setting(size: int) -> WindowSetting:
    """Stride, padding and dilation of the link, with their fields."""
    stride, dilation = link_values.number("stride", MOST, 1), link_values.number("dilation", MOST, 1)
    padding = link_values.number("padding", MOST, 1, low=0)
    with st.container(horizontal=True):
        link_values.number_input("Stride", "stride", stride, MOST, forgets=CELLS, help=STRIDE)
        link_values.number_input("Padding", "padding", padding, MOST, low=0, forgets=CELLS, help=PADDING)
        link_values.number_input("Dilation", "dilation", dilation, MOST, forgets=CELLS, help=DILATION)
    if stride > 1 and dilation > 1:
        st.caption(
            "Keras takes a stride or a dilation above 1, not both; the sums are well defined all the same."
        )
    return WindowSetting(size, stride, padding, dilation)


def _cell(result: np.ndarray, row: str, column: str) -> tuple[int, int]:
    """The cell of the link, else the strongest; counted from 0."""
    height, width = result.shape[:2]
    best = np.unravel_index(int(np.abs(result[..., 0]).argmax()), (height, width))
    return (
        link_values.number(row, height, int(best[0]) + 1) - 1,
        link_values.number(column, width, int(best[1]) + 1) - 1,
    )


def _convolved(step: Convolution, image: np.ndarray, result: np.ndarray) -> None:
    row, column = _cell(result, "row", "column")
    height, width = result.shape[:2]
    panels = [
        Panel(
            id="input",
            title="Your picture",
            image=coloured(image[..., 0]),
            width=SIDE,
            alt="Your picture; the window of the cell is outlined",
            note=f"{len(image)}×{len(image)} pixels from 0 to 1",
            outlines={"window": window_box(step.geometry, row, column)},
        ),
        Panel(
            id="output",
            title="Output",
            image=coloured(result[..., 0]),
            width=SIDE,
            alt="output",
            note=f"{height}×{width} cells; this one is {equations.number(float(result[row, column, 0]))}",
            cell=(row, column),
        ),
    ]
    pixels(panels, key="inside bench", on_pick=lambda _, r, c: link_values.put(row=r + 1, column=c + 1))


def _sum(step: Convolution, image: np.ndarray, result: np.ndarray) -> None:
    row, column = _cell(result, "row", "column")
    found = decompose(step, image, row, column, 0)
    st.html(equations.products(found, 0, ("Window of your picture", "Kernel")))
    st.html(equations.sum_lines(found, 0, "your picture"))
    st.caption(
        f"{parameters(step)} parameters; {step.kernel.size} products for each of {result.size} cells make "
        f"{multiplications(step, *image.shape[:2]):,} multiplications. Numbers are rounded for reading only."
    )


def _pooled(result: np.ndarray) -> None:
    """The output made smaller, in two ways."""
    st.markdown("**Pooling: the output made smaller, by the greatest or by the mean of each window**")
    size, stride = link_values.number("pool", MOST, 2), link_values.number("step", MOST, 2)
    with st.container(horizontal=True):
        link_values.number_input("Pooling window", "pool", size, MOST, forgets=CELLS)
        link_values.number_input("Pooling stride", "step", stride, MOST, forgets=CELLS)
    setting = WindowSetting(size, stride)
    st.html(equations.size_lines(setting.formula(min(result.shape[:2]))))
    ways = {"maximum": pooling(setting, average=False), "mean": pooling(setting, average=True)}
    maps = {name: forward(step, result) for name, step in ways.items()}
    row, column = _cell(maps["maximum"], "poolrow", "poolcolumn")
    panels = [_pool_input(ways["maximum"], result, row, column)]
    panels += [
        Panel(
            id=name,
            title=name.capitalize(),
            image=coloured(made[..., 0]),
            width=SIDE,
            alt=f"{name} of each window",
            note=f"{made.shape[0]}×{made.shape[1]} cells; "
            f"this one is {equations.number(float(made[row, column, 0]))}",
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
        title="Output of the kernel",
        image=coloured(result[..., 0]),
        width=SIDE,
        alt="Output of the kernel; the window of the cell is outlined",
        note=f"{result.shape[0]}×{result.shape[1]} cells",
        outlines={"window": window_box(step.geometry, row, column)},
    )
