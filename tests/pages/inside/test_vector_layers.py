from __future__ import annotations

import re
from html import escape

from core.bundles.bundle import pretrained
from core.inference.classifier import Classifier
from core.language import percent
from pages.parts.inside.picture_choice import EXAMPLE, example
from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import equations, panels_by_id
from tests.pages.looks import numbers


def test_every_layer_after_the_maps_shows_its_formula_and_the_numbers_in_it(open_page: OpenPage) -> None:
    at = open_page("inside", layer="flatten", map="70")
    assert "n = ((1 − 1) · 3 + (2 − 1)) · 64 + 6 = 70" in equations(at)

    at.selectbox(key="inside layer").set_value("dense1").run()
    at.number_input(key="inside map").set_value(5).run()
    text = equations(at)
    assert "x i · w ij" in text
    assert "576" in numbers(text)
    assert re.search(r"max\(0, \S+\) =", text)
    assert {"input", "weights", "products", "output"} <= set(panels_by_id(at))

    at.selectbox(key="inside layer").set_value("softmax").run()
    exact = Classifier(pretrained("tutorial")).probabilities(example(EXAMPLE)[None])[0]
    assert escape(percent(float(exact.max()))) in equations(at)


def test_the_mean_of_whole_maps_and_a_temperature_are_shown(open_page: OpenPage) -> None:
    at = open_page("inside", network="cnn", layer="average")
    assert "÷ 49 =" in equations(at)
    at.selectbox(key="inside layer").set_value("softmax").run()
    assert "z ÷ T" in equations(at)
