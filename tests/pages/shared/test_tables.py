"""Tables without pandas."""

from __future__ import annotations

import ast
import subprocess
import sys

from pages.parts.shared.tables import Cell, arrow_table
from tests.pages.conftest import ROOT

NUMBERS = "inside/kernel_fields.py"  # its table holds nothing else


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


def test_no_cell_is_a_formula() -> None:
    assert arrow_table([{"name": "=1+1", "count": -1}]).to_pylist() == [{"name": "'=1+1", "count": -1}]


def test_every_table_of_a_page_is_made_without_formulas() -> None:
    """Look for tables that are given other rows, which a visitor may download as CSV all the same."""
    made = [
        (f"{path.parent.name}/{path.name}", ast.unparse(node.args[0]))
        for path in (ROOT / "pages").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".dataframe", ".data_editor"))
    ]

    safe = ("arrow_table(", "[without_formulas(")
    assert [place for place, rows in made if not rows.startswith(safe)] == [NUMBERS]


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
