from __future__ import annotations

import pytest

from core.class_sets.class_set_store import own_class_sets
from core.class_sets.features import Backbone
from core.errors import ConfigError
from core.lab.experiments import learning_ways
from core.lab.experiments.learning_ways import LearningWays
from tests.class_sets.conftest import OWNER, picture


def test_each_way_learns_from_few_pictures_and_is_asked_about_the_others(backbone, tmp_path, monkeypatch):
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path))
    monkeypatch.setattr(learning_ways, "pretrained", lambda name: backbone)
    monkeypatch.setattr(learning_ways, "shipped_backbone", lambda: Backbone(backbone))
    store = own_class_sets()
    made = store.create(OWNER, "Colours")
    store.add(made.id, [(name, "", picture(name, k)) for name in ("red", "blue") for k in range(4)])
    heard: list[float | None] = []
    ways = LearningWays(lambda told, share: heard.append(share), made.id)
    assert ways.plan() == {"sizes": [1, 2], "draws": learning_ways.DRAWS}
    found = {way: ways.measure(way, 2, 0) for way in ("linear", "fine_tuned", "scratch")}
    assert {answer["tested"] for answer in found.values()} == {4}
    assert found["linear"]["accuracy"] == found["fine_tuned"]["accuracy"] == 1
    assert heard
    assert ways.measure("fine_tuned", 2, 0) == found["fine_tuned"]  # a draw begins with the published weights
    with pytest.raises(ConfigError) as refused:
        ways.measure("linear", 4, 0)
    assert refused.value.message.key == "lab.pictures_to_learn_from"
