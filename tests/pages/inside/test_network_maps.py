from __future__ import annotations

import re
import shutil

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.contract.config import ClassifierConfig
from core.language import gettext
from core.messages import Message
from core.runs import Run, RunStore
from pages.parts.inside import network_maps
from pages.parts.inside.picture_choice import WHOLE_KEPT
from pages.parts.shared import model_picker
from pages.parts.shared.error_messages import escape_markdown
from tests.conftest import Publish
from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import equations
from tests.pages.looks import links, numbers


def test_a_cell_is_shown_with_its_equation(open_page: OpenPage) -> None:
    at = open_page("inside", network="cnn", layer="conv2", map="3", row="5", column="6")

    text = equations(at)
    assert {"3", "32"} <= set(numbers(text))  # the map, and all input maps
    assert re.search(r"max\(0, \S+\) =", text)


def test_the_link_keeps_layer_map_and_cell(open_page: OpenPage) -> None:
    at = open_page("inside", network="cnn")
    at.selectbox(key="inside layer").set_value("conv4").run()
    at.number_input(key="inside map").set_value(7).run()
    at.number_input(key="inside row").set_value(3).run()
    at.number_input(key="inside column").set_value(2).run()

    link = {key: at.query_params[key] for key in ("network", "layer", "map", "row", "column")}
    assert link == {"network": "cnn", "layer": "conv4", "map": "7", "row": "3", "column": "2"}
    again = open_page("inside", **link)
    assert equations(again) == equations(at)


def test_choosing_another_layer_removes_the_cell_from_the_link(open_page: OpenPage) -> None:
    at = open_page("inside", network="cnn", layer="conv1", map="30", row="28", column="28")
    at.selectbox(key="inside layer").set_value("conv6").run()

    assert not at.info
    assert "row" not in at.query_params


def test_a_pooling_shows_the_maximum_of_its_window(open_page: OpenPage) -> None:
    assert re.search(r"max\(\s*\S+ ,", equations(open_page("inside", layer="pool1", map="2")))


def test_the_page_opens_with_the_tutorials_network(open_page: OpenPage) -> None:
    at = open_page("inside")

    assert at.selectbox(key="inside network").value == "tutorial"
    assert at.selectbox(key="inside layer").options[-4:] == ["flatten", "dense1", "logits", "softmax"]


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("layer", "conv9"),
        ("map", "99"),
        ("row", "0"),
        ("column", "left"),
        ("network", "nobody"),
        ("input", "33"),
    ],
)
def test_an_unknown_value_in_a_link_shows_a_note_and_the_default_is_used(
    open_page: OpenPage, key: str, asked: str
) -> None:
    at = open_page("inside", **({"layer": "conv2"} | {key: asked}))

    assert f"“{escape_markdown(asked)}”" in at.info[0].value
    assert "max(0, " in equations(at)


def test_a_link_opens_the_network_of_a_run(open_page: OpenPage, own_cnn: Run) -> None:
    at = open_page("inside", network=own_cnn.id)

    assert at.selectbox(key="inside network").value == own_cnn.id
    assert "max(0, " in equations(at)


def colours_asked_for(at: AppTest) -> bool:
    """Return whether the page asks for a picture with colours."""
    return any(caption.value == gettext(network_maps.IN_COLOUR) for caption in at.caption)


def test_a_colour_network_that_branches_shows_its_chain_and_names_the_first_layer_left_out(
    open_page: OpenPage, store: RunStore, publish: Publish
) -> None:
    import keras  # noqa: PLC0415 (imports TensorFlow)

    image = keras.Input((32, 32, 3), name="image")
    x = keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="conv1")(image)
    y = keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="conv2")(x)
    flat = keras.layers.GlobalAveragePooling2D(name="average")(keras.layers.Add(name="sum")([x, y]))
    model = keras.Model(image, keras.layers.Dense(10, name="logits")(flat))
    config = ClassifierConfig(architecture="tutorial", dataset="cifar10")
    run = store.create(config)
    shutil.copytree(publish("colour", model, config, {}).folder, run.bundle)
    run.write_status(state="finished", message=Message("Finished after 30 steps."))

    at = open_page("inside", network=run.id, layer="conv1")
    assert at.selectbox(key="inside layer").options == ["conv1", "conv2"]
    assert any("sum (Add)" in caption.value for caption in at.caption)
    assert "max(0, " in equations(at)
    assert not open_page("inside", network=run.id, layer="conv1", input="3").info, (
        "three planes to choose from"
    )
    assert colours_asked_for(at)
    noise = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    at.session_state[WHOLE_KEPT] = Image.fromarray(noise)
    assert not colours_asked_for(at.run())


def test_without_a_cnn_the_page_links_to_training(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_picker, "pretrained_names", lambda: ["lstm"])

    at = open_page("inside")

    assert "train" in links(at)
