"""Hand data to a component in the browser."""

from __future__ import annotations

from typing import Any


def unsearched(data: dict[str, Any]) -> tuple[dict[str, Any]]:
    """Return a component's data inside a tuple; its JavaScript takes the first item.

    In each list and dictionary that a component's data hold, Streamlit looks for a data frame. For that it
    imports pandas and PyArrow, which take 86 MB of the server's memory. It does not look into a tuple.
    """
    return (data,)
