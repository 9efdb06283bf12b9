"""What the tests of Inside read from its page, and press on it."""

from __future__ import annotations

import json
import re
from typing import Any

from streamlit.testing.v1 import AppTest


def equations(at: AppTest) -> str:
    """Return the text of the page's equations, without tags."""
    html = " ".join(element.proto.body for element in at.get("html"))
    return re.sub(r"\s+", " ", re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", html, flags=re.S))


def panels_by_id(at: AppTest) -> dict[str, dict[str, Any]]:
    """Return the page's pictures made of cells, as the browser gets them."""
    found = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("pixels")]
    return {panel["id"]: panel for c in found for panel in json.loads(c.proto.json)[0]["panels"]}


def press(at: AppTest, *keys: str) -> AppTest:
    """Press buttons one after the other."""
    for key in keys:
        at.button(key=key).click().run()
        assert not at.exception
    return at
