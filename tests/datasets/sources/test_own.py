from __future__ import annotations

import numpy as np
import pytest

from core.class_sets.class_set_store import own_class_sets
from core.datasets import registry
from core.datasets.sources.own import SHAPE, picture_files
from core.errors import DatasetError
from tests.class_sets.conftest import OWNER, picture


@pytest.fixture
def own(tmp_path, monkeypatch) -> str:
    """Return the name of a data set of six red, two blue and one green picture."""
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path))
    store = own_class_sets()
    made = store.create(OWNER, "Colours")
    reds = [("red", "", picture("red", k)) for k in range(6)]
    blues = [("blue", "", picture("blue", k)) for k in range(2)]
    store.add(made.id, [*reds, *blues, ("green", "", picture("green"))])
    return f"own:{made.id}"


def test_a_class_set_is_a_data_set_of_colour_images_with_a_fixed_split(own):
    info = registry.describe(own)
    data = registry.load(own)
    assert (info.classes, info.title, info.shape) == (("red", "blue", "green"), "Colours", SHAPE)
    assert data.x_train.shape == (info.train_size, *SHAPE) == (7, *SHAPE)
    assert data.x_test.shape == (info.test_size, *SHAPE) == (2, *SHAPE)
    assert sorted(data.y_train) == [0] * 5 + [1, 2]
    assert sorted(data.y_test) == [0, 1]
    assert (data.x_train.mean(axis=(1, 2)).argmax(axis=1) == np.array([0, 2, 1])[data.y_train]).all()
    assert np.array_equal(registry.load(own, seed=5).x_test, data.x_test)
    assert registry.load(own, train_size=3, seed=1).x_train.shape[0] == 3


def test_a_few_of_the_pictures_are_of_all_classes_and_among_more_of_them(own):
    few, more = (registry.load(own, train_size=size, seed=1) for size in (3, 5))

    assert sorted(few.y_train) == [0, 1, 2]
    assert sorted(more.y_train) == [0, 0, 0, 1, 2]
    assert np.array_equal(more.x_train[:3], few.x_train)
    assert not np.array_equal(registry.load(own, train_size=3, seed=2).x_train, few.x_train)
    files = [path for path, _ in picture_files(own, 3, 1) if path.startswith("train")]
    assert [int(path[-5]) for path in files] == list(few.y_train)
    with pytest.raises(DatasetError) as refused:
        registry.load(own, train_size=8)
    assert refused.value.message.values["count"] == 7


def test_sets_are_not_offered_and_an_unknown_one_is_one_sentence(own):
    assert not any(name.startswith("own") for name in registry.names())
    for name in ("own:" + "0" * 32, "own:x", "own"):
        with pytest.raises(DatasetError) as refused:
            registry.describe(name)
        assert refused.value.message.key == "datasets.own_set"


def test_a_set_from_which_nothing_can_be_tested_is_refused(own):
    store, set_id = own_class_sets(), own.partition(":")[2]
    store.change(set_id, lambda old: old.without_class(0))
    for picture_id in [p.id for p in store.open(set_id).classes[0].pictures[1:]]:
        store.change(set_id, lambda old, one=picture_id: old.without_picture(one))
    with pytest.raises(DatasetError) as refused:
        registry.describe(own)
    assert refused.value.message.values["error"].key == "class_sets.few_pictures"
