"""Make tables without pandas, whose import takes 50 MB of the server's memory."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported for the first table only; it takes 36 MB
    import pyarrow

Cell = str | int | float | None


def arrow_table(rows: Sequence[dict[str, Cell]]) -> pyarrow.Table:
    """Return rows, all with the same columns, as a table; pass it to Streamlit with ``lazy=False``.

    PyArrow imports pandas to convert Python's objects, but not to read JSON.
    """
    import pyarrow  # noqa: PLC0415
    from pyarrow import json as reader  # noqa: PLC0415

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    types = {name: kinds[_kind([row[name] for row in rows])] for name in rows[0]}
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(errors="replace")
    return reader.read_json(
        io.BytesIO(lines),
        read_options=reader.ReadOptions(use_threads=False, block_size=len(lines) + 1),
        # Without a schema, names that look like dates would become dates.
        parse_options=reader.ParseOptions(explicit_schema=pyarrow.schema(types)),
    )


def _kind(cells: Sequence[Cell]) -> type:
    """Return the type of a column's cells; that of numbers is float if one of them is."""
    found = {type(cell) for cell in cells if cell is not None}
    return next((kind for kind in (str, float, int) if kind in found), str)
