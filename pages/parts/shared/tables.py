"""Make tables without pandas, whose import takes 50 MB of the server's memory, and without formulas.

Streamlit offers each table as a CSV file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.spreadsheets import plain_cell

if TYPE_CHECKING:  # imported for the first table only; it takes 36 MB
    import pyarrow

Cell = str | int | float | None


def arrow_table(rows: Sequence[dict[str, Cell]]) -> pyarrow.Table:
    """Return rows, all with the same columns, as a table; pass it to Streamlit with ``lazy=False``.

    No text in it is a formula. PyArrow imports pandas to convert Python's objects, but not to read JSON.
    """
    import pyarrow  # noqa: PLC0415
    from pyarrow import json as reader  # noqa: PLC0415

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    types = {name: kinds[_kind([row[name] for row in rows])] for name in rows[0]}
    texts = [json.dumps(without_formulas(row), ensure_ascii=False) for row in rows]
    lines = "\n".join(texts).encode(errors="replace")
    return reader.read_json(
        io.BytesIO(lines),
        read_options=reader.ReadOptions(use_threads=False, block_size=len(lines) + 1),
        # Without a schema, names that look like dates would become dates.
        parse_options=reader.ParseOptions(explicit_schema=pyarrow.schema(types)),
    )


def without_formulas(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a table in which a spreadsheet takes no text for a formula."""
    return {name: plain_cell(cell) if isinstance(cell, str) else cell for name, cell in row.items()}


def _kind(cells: Sequence[Cell]) -> type:
    """Return the type of a column's cells; that of numbers is float if one of them is."""
    found = {type(cell) for cell in cells if cell is not None}
    return next((kind for kind in (str, float, int) if kind in found), str)
