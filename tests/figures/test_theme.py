from __future__ import annotations

import itertools

from core.figures.figure import Figure
from core.figures.theme import COLOURS, finish
from tests.figures.checked import checked


def test_no_two_roles_have_the_same_colour():
    assert len(set(COLOURS.values())) == len(COLOURS)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_stands_out_from_a_light_and_a_dark_page():
    """Require 3 to 1, the minimum of WCAG 2.1 for graphics."""
    for colour, page in itertools.product(COLOURS.values(), ("#ffffff", "#0e1117")):
        assert contrast(colour, page) >= 3


def test_the_background_of_charts_is_transparent():
    layout = checked(finish)(Figure()).layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_a_live_chart_keeps_the_visitor_s_zoom():
    assert checked(finish)(Figure()).layout.uirevision == "keep"
