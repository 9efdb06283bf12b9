from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pages.parts.shared import server_start
from pages.parts.shared.link_previews import HOME, PREVIEWS

SCRIPT = """
from colorsys import hls_to_rgb
import no_such_module
raise SystemExit("the script itself ran")
"""


def test_a_pages_imports_are_executed_and_nothing_else_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "coloured.py").write_text(SCRIPT)
    monkeypatch.setattr(server_start, "PAGES", tmp_path)
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    server_start.import_early("coloured").join(timeout=10)
    assert "colorsys" in sys.modules


def test_every_page_that_can_be_asked_for_has_a_script() -> None:
    assert all((server_start.PAGES / f"{path or HOME}.py").is_file() for path in PREVIEWS)
