from __future__ import annotations

import keras
import pytest

from core.bundles.bundle import Bundle, open_bundle
from core.class_sets.class_set_store import own_class_sets
from core.class_sets.features import Backbone
from core.errors import ConfigError
from core.lab.experiments import learning_ways
from core.lab.experiments.learning_ways import LearningWays
from core.lab.models.efficientnet_lite import BlockRun, efficientnet_lite0
from core.lab.publishing.backbone import publish_backbone
from core.lab.publishing.everyday_words import NamedClass
from tests.class_sets.conftest import OWNER, picture


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return a small stand-in for the shipped backbone."""
    keras.utils.set_random_seed(2)
    model = efficientnet_lite0((32, 32, 3), 2, stages=(BlockRun(1, 3, 2, 2, 8),), head=24)
    folder = tmp_path_factory.mktemp("bundles") / "backbone"
    publish_backbone(model, tuple(NamedClass("n", name, "cat") for name in "ab"), folder)
    return open_bundle(folder)


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
