"""Choose a kernel and how it moves: presets, a table of its numbers, stride, padding and dilation."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.errors import LabError
from core.inside.sandbox import (
    LARGEST,
    PRESETS,
    SIZES,
    WindowSetting,
    edited,
    from_text,
    preset,
    resized,
    to_text,
)
from core.language import N_, gettext
from pages.parts.inside import link_values
from pages.parts.shared.error_messages import sentence

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
MAX_VALUE = 8  # of stride, padding, dilation and the pooling's window


def pick_kernel() -> np.ndarray:
    """Return the kernel of the link, and show the buttons that choose another."""
    kernel, name = _linked_kernel()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["inside preset"] = name
        st.pills(
            gettext("Kernel"),
            list(PRESETS),
            format_func=lambda preset: gettext(PRESET_LABELS[preset]),
            key="inside preset",
            on_change=_take_preset,
            wrap=True,
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


def _linked_kernel() -> tuple[np.ndarray, str | None]:
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
            gettext("{error} “{preset}” is used instead.", error=sentence(error), preset=shown),
            icon=":material/info:",
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


def edit_kernel(kernel: np.ndarray) -> None:
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
        st.toast(gettext("This cell needs a number, such as 0.5; it is now 0."), icon=":material/info:")
    st.session_state["inside edited"] = to_text(kernel)
    link_values.put(kernel=to_text(kernel))


def pick_window(size: int) -> WindowSetting:
    """Return stride, padding and dilation of the link, and show their fields."""
    stride, dilation = (
        link_values.number("stride", MAX_VALUE, 1),
        link_values.number("dilation", MAX_VALUE, 1),
    )
    padding = link_values.number("padding", MAX_VALUE, 1, low=0)
    with st.container(horizontal=True):
        link_values.number_input(
            gettext("Stride"), "stride", stride, MAX_VALUE, forgets=CELLS, help=gettext(STRIDE)
        )
        link_values.number_input(
            gettext("Padding"), "padding", padding, MAX_VALUE, low=0, forgets=CELLS, help=gettext(PADDING)
        )
        link_values.number_input(
            gettext("Dilation"), "dilation", dilation, MAX_VALUE, forgets=CELLS, help=gettext(DILATION)
        )
    if stride > 1 and dilation > 1:
        st.caption(
            gettext(
                "Keras accepts a stride or a dilation above 1, but not both; the sums here are valid anyway."
            )
        )
    return WindowSetting(size, stride, padding, dilation)
