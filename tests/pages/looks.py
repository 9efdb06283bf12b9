"""Read what a page shows in elements that AppTest does not know."""

from __future__ import annotations

import json
import re
from typing import Any

from streamlit.testing.v1 import AppTest

from core.errors import LabError
from core.messages import Message
from pages.parts.shared.error_messages import sentence


def pictures(at: AppTest) -> dict[str, str]:
    """Return the addresses of pictures, which change with their content, by alternative text."""
    return {image.alt: image.url for element in at.get("image") for image in element.proto.imgs}


def panels(at: AppTest) -> dict[str, str]:
    """Return the addresses of clickable pictures by alternative text."""
    shown = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("pixels")]
    return {
        panel["alt"]: panel["image"]
        for component in shown
        for panel in json.loads(component.proto.json)[0]["panels"]
    }


def captions(at: AppTest) -> list[str]:
    """Return the captions of pictures."""
    return [image.caption for element in at.get("image") for image in element.proto.imgs]


def charts(at: AppTest) -> dict[str, dict[str, Any]]:
    """Return the charts as Plotly's data and layout, by key."""
    components = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("live_chart")]
    return {
        chart.key: json.loads(data["figure"])
        for chart in components
        for data in json.loads(chart.proto.json)
        if "figure" in data
    }


def links(at: AppTest) -> dict[str, Any]:
    """Return the links to other pages, by page,."""
    return {link.proto.page: link for link in at.get("page_link")}


def as_shown(told: LabError | Message) -> str:
    """Return a message or an error as pages show it: with the characters of markdown escaped."""
    return sentence(told)


def numbers(text: str) -> list[str]:
    """Return the whole numbers in a text, which do not depend on its words."""
    return re.findall(r"\d+", text)


def words(at: AppTest) -> str:
    """Return all running text."""
    return "\n".join(element.value for element in (*at.markdown, *at.caption))
