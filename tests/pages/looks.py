"""Read what a page shows in elements that AppTest does not know."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def pictures(at: AppTest) -> dict[str, str]:
    """Return the addresses of pictures, which change with their content, by alternative text."""
    return {image.alt: image.url for element in at.get("image") for image in element.proto.imgs}


def panels(at: AppTest) -> dict[str, str]:
    """Return the addresses of clickable pictures by alternative text."""
    shown = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("pixels")]
    return {
        panel["alt"]: panel["image"]
        for component in shown
        for panel in json.loads(component.proto.json)["panels"]
    }


def captions(at: AppTest) -> list[str]:
    """Return the captions of pictures."""
    return [image.caption for element in at.get("image") for image in element.proto.imgs]


def charts(at: AppTest) -> dict[str, dict[str, Any]]:
    """Return the charts, static and live, as Plotly's data and layout, by key."""
    once = {chart.key: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")}
    components = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("live_chart")]
    return once | {chart.key: json.loads(json.loads(chart.proto.json)["figure"]) for chart in components}


def links(at: AppTest) -> dict[str, Any]:
    """Return the links to other pages, by page."""
    return {link.proto.page: link for link in at.get("page_link")}


def words(at: AppTest) -> str:
    """Return all running text."""
    return "\n".join(element.value for element in (*at.markdown, *at.caption))
