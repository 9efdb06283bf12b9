"""Prepare the web server when it starts, and the modules of the first page that somebody asks for."""

from __future__ import annotations

import ast
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st

from core import allocator
from pages.parts.shared.process_cache import kept_in_process

PAGES = Path(__file__).parents[2]
SWITCH_SECONDS = 0.001  # until a thread gives others a turn, the web server's among them; by default 0.005


@asynccontextmanager
async def started(_app: Any) -> AsyncIterator[None]:
    """Configure the process, and open the app in the browser of a machine that has one.

    ``streamlit run`` opens it by itself for plain scripts.
    """
    allocator.return_freed_memory()
    sys.setswitchinterval(SWITCH_SECONDS)
    if not st.get_option("server.headless"):
        webbrowser.open(f"http://localhost:{st.get_option('server.port')}")
    yield


@kept_in_process(most=100)
def import_early(page: str) -> threading.Thread:
    """Begin to import what a page imports, once: up to 0.6 s, while the browser loads Streamlit's files."""
    thread = threading.Thread(target=_import_for, args=(PAGES / f"{page}.py",), name="imports", daemon=True)
    thread.start()
    return thread


def _import_for(script: Path) -> None:
    """Execute the imports of a script and nothing else of it; if one fails, the script itself will say so."""
    content = ast.parse(script.read_text(encoding="utf-8"))
    imports: list[ast.stmt] = [line for line in content.body if isinstance(line, ast.Import | ast.ImportFrom)]
    with suppress(Exception):
        exec(compile(ast.Module(imports, []), str(script), "exec"), {})
