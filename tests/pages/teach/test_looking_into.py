"""Several modules: the section "Look into it" with its views, and one picture in detail."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import own_class_sets
from core.class_sets.feature_map import FEWEST
from core.class_sets.features import shipped_backbone
from core.contract.config import ClassifierConfig
from core.messages import message
from core.runs import RunStore
from pages.parts.shared import experiment
from pages.parts.teach import feature_map
from tests.class_sets.conftest import COLOURS, picture
from tests.pages.conftest import OpenPage
from tests.pages.teach.conftest import ME
from tests.pages.test_words_of_strangers import EVIL, markup


def looking(open_page: OpenPage, colours_id: str, view: str) -> AppTest:
    at = open_page("teach", set=colours_id)
    at.segmented_control(key="view of a set").set_value(view).run()
    assert not at.exception
    return at


def keys(at: AppTest, beginning: str) -> list[str]:
    return [button.key for button in at.button if str(button.key).startswith(beginning)]


def test_nothing_is_computed_before_a_view_is_asked_for(open_page, colours_id, monkeypatch):
    def computed(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(feature_map, "principal_plane", computed)
    monkeypatch.setattr(feature_map, "picture_sheet", computed)
    open_page("teach", set=colours_id)


def test_a_cell_of_the_confusion_matrix_opens_its_pictures_and_one_is_looked_into(open_page, colours_id):
    at = looking(open_page, colours_id, "confusion")
    at.selectbox(key="cell of classes").set_value((1, 1)).run()
    assert len(keys(at, "confused")) == 4
    at.button(key=keys(at, "confused")[0]).click().run()
    assert not at.exception
    assert len(keys(at, "neighbour")) == 6
    explained = [one.value.split()[0] for one in at.caption if one.value.startswith(("red ", "blue "))]
    assert explained[-2:] == ["blue", "red"], "the likeliest class first"


def test_the_map_places_each_picture_and_t_sne_asks_a_child_that_then_ends(
    open_page, colours_id, monkeypatch
):
    drawn: list[dict[str, Any]] = []
    asked: list[str] = []
    monkeypatch.setattr(
        feature_map, "picture_map", lambda *given, **named: drawn.append({"given": given, **named})
    )
    at = looking(open_page, colours_id, "map")
    pictures, sheet, names = drawn[-1]["given"]
    assert [one.label for one in pictures] == [0] * 4 + [1] * 4
    assert tuple(names) == ("red", "blue")
    assert sheet.url.startswith("data:image/jpeg;base64,")
    assert {one.x for one in pictures[:4]}.isdisjoint(one.x for one in pictures[4:])

    def place(method: str, **given: Any) -> dict[str, np.ndarray]:
        asked.append(method)
        return {"points": np.arange(16.0).reshape(8, 2)}

    monkeypatch.setattr(experiment, "start", lambda name: SimpleNamespace(ask=place))
    monkeypatch.setattr(experiment, "close", lambda: asked.append("closed"))
    for _ in range(2):
        at.segmented_control(key="method of the map").set_value("tsne").run()
    assert asked == ["place", "closed"], "kept for the next time"
    assert drawn[-1]["given"][0][0].x == -1


def test_a_set_with_too_few_pictures_has_no_t_sne(open_page, colours_id):
    def fewer(old: ClassSet) -> ClassSet:
        for one in old.classes:
            for taken in one.pictures[(FEWEST - 1) // 2 :]:
                old = old.without_picture(taken.id)
        return old

    own_class_sets().change(colours_id, fewer)
    at = looking(open_page, colours_id, "map")
    assert len(at.segmented_control(key="method of the map").options) == 1


def test_the_features_of_the_shipped_backbone_are_the_means_of_its_last_maps():
    backbone = shipped_backbone()
    image = np.random.default_rng(0).integers(0, 255, (1, 224, 224, 3)).astype(np.uint8)
    means = backbone.maps(image).mean(axis=(1, 2))
    assert means == pytest.approx(backbone.features(image).astype(np.float32), abs=2e-3)


def test_names_of_sets_classes_and_files_are_text_also_on_train(open_page: OpenPage, store: RunStore) -> None:
    sets, names = own_class_sets(), ("![](//evil.example/a.png)", "=www.evil.example :smile: $x$")
    made = sets.create(ME, '<a href="//evil.example">')
    pictures = [
        (name, f"{EVIL}.png", picture(colour, k))
        for name, colour in zip(names, COLOURS, strict=False)
        for k in range(4)
    ]
    sets.add(made.id, pictures)
    run = store.create(ClassifierConfig(dataset=f"own:{made.id}"), visitor=ME)
    run.write_status(state="stopped", message=message("runs.stopped", step=3))

    at = looking(open_page, made.id, "confusion")
    at.selectbox(key="cell of classes").set_value((1, 1)).run()
    at.button(key=keys(at, "confused")[0]).click().run()

    assert keys(at, "neighbour")
    assert markup(at) == []
    assert markup(looking(open_page, made.id, "map")) == []
    at = open_page("train", run=run.id)
    assert at.header
    assert markup(at) == []
