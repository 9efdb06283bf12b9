"""Data of components, in which Streamlit looks for no data frames."""

from __future__ import annotations

import subprocess
import sys


def test_a_component_with_lists_and_dictionaries_is_drawn_without_pandas_and_pyarrow() -> None:
    program = """
import sys
import streamlit
from pages.parts.components.component_data import unsearched
component = streamlit.components.v2.component("tried", html="<span></span>")
component(data=unsearched({"texts": {"a": "b"}, "numbers": [1]}))
sys.exit(bool({"pandas", "pyarrow"} & set(sys.modules)))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
