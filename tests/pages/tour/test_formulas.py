from __future__ import annotations

from pages.parts.tour.formulas import formula_html, with_subscripts


def test_what_follows_an_underscore_is_a_subscript_and_signs_are_escaped() -> None:
    assert with_subscripts("L_D < ∂L/∂h_T") == "L<sub>D</sub> &lt; ∂L/∂h<sub>T</sub>"


def test_each_line_of_a_formula_is_a_paragraph() -> None:
    assert formula_html("a\nb").count("<p ") == 2
