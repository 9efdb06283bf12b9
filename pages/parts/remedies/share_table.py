"""Show figures of networks in a table whose shares are in per cent."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.language import gettext
from pages.parts.remedies.measured_networks import network_name
from pages.parts.shared.tables import Cell, arrow_table


def show_shares(
    figures: Sequence[tuple[str, Sequence[float]]], titles: Sequence[str], *, key: str, alt: str
) -> None:
    """Show a row for each network: its shares (0 to 1) under their titles.

    Args:
        figures: a network's or ensemble's name with its shares.
        titles: of the shares.
        key: of the table.
        alt: what screen readers say.
    """
    rows: list[dict[str, Cell]] = [
        {gettext("Network"): network_name(name), **dict(zip(titles, shares, strict=True))}
        for name, shares in figures
    ]
    st.dataframe(
        arrow_table(rows),
        lazy=False,
        hide_index=True,
        column_config={title: st.column_config.NumberColumn(title, format="percent") for title in titles},
        key=key,
        alt=alt,
    )
