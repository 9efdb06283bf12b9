"""Tables without pandas."""

from __future__ import annotations

import subprocess
import sys

from pages.parts.shared.tables import Cell, arrow_table


def test_cells_keep_their_values_and_types() -> None:
    rows: list[dict[str, Cell]] = [
        {"name": "2026-11-27", "count": 1, "share": 1, "empty": None},
        {"name": "€ “quoted”\n\udc80", "count": None, "share": 0.25, "empty": None},
    ]

    table = arrow_table(rows)

    assert table.column_names == ["name", "count", "share", "empty"]
    assert [str(kind) for kind in table.schema.types] == ["string", "int64", "double", "string"]
    rows[1]["name"] = "€ “quoted”\n?"
    assert table.to_pylist() == rows


def test_a_long_row_is_read() -> None:
    assert arrow_table([{"url": "x" * 2**21}, {"url": "y"}]).num_rows == 2


def test_streamlit_shows_a_table_without_pandas() -> None:
    program = """
import sys
import streamlit
from pages.parts.shared.tables import arrow_table
columns = {"a": "A", "b": streamlit.column_config.ImageColumn("B")}
streamlit.dataframe(arrow_table([{"a": 1, "b": ""}]), hide_index=True, column_config=columns, lazy=False)
sys.exit("pandas" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
