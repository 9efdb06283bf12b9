"""What a visitor does on Classify, and what the page shows then."""

from __future__ import annotations

import json
import re
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenPage
from tests.pages.looks import charts
from tests.pictures import photograph

DIGITS = "0,1,2,3,4,5,6,7,8,9"  # in the keys of what networks of digits share


_MARKS = re.compile(r":[a-z]+\[\*\*(.*?)\*\*\]")


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Upload files and let the page read them."""
    for name, content in files:
        at.file_uploader[0].upload(name, content)
    at.run()
    assert not at.exception
    return at


def readings(at: AppTest) -> dict[str, str]:
    """Return what all networks together read, and then each of them, without the marks of doubt."""
    return {metric.label: _MARKS.sub(r"\1", metric.value).replace("\\", "") for metric in at.metric}


def long_readings(at: AppTest) -> list[str]:
    """Return the readings that are too long for a metric."""
    return [code.value for code in at.code]


def boxes(at: AppTest) -> dict[str, Any]:
    """Return what the picture with its boxes shows."""
    (shown,) = boxed_pictures(at)
    return shown


def boxed_pictures(at: AppTest) -> list[dict[str, Any]]:
    """Return what each picture with boxes shows: one, or none."""
    shown = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("picture_boxes")]
    return [json.loads(each.proto.json)[0] for each in shown]


def bars(at: AppTest) -> dict[str, str]:
    """Return the likeliest classes of the chosen glyph with their probabilities in words."""
    shown = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("answer_bars")]
    return {bar["name"]: bar["text"] for bar in json.loads(shown[-1].proto.json)[0]["bars"]}


def chart_of_answers(at: AppTest, task: str = DIGITS) -> dict[str, Any]:
    """Return the chart of ranked probabilities, whose section is opened for it."""
    run_with_sections(at, f"each network {task}")
    return next(chart for key, chart in charts(at).items() if key.startswith("answers"))


def opened_sections(open_page: OpenPage, digit: int, *keys: str) -> AppTest:
    """Open the page with a photographed digit, and these of its sections."""
    at = upload(open_page("classify"), ("photo.png", photograph(digit)))
    return run_with_sections(at, *keys)


def run_with_sections(at: AppTest, *keys: str) -> AppTest:
    """Run the page with these sections open: an AppTest forgets what is open."""
    for key in keys:
        at.session_state[key] = True
    at.run()
    assert not at.exception
    return at
