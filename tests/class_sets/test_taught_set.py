from __future__ import annotations

import numpy as np
import pytest

from core.class_sets.class_set_store import ClassSetStore
from core.class_sets.taught_set import teach_set
from core.errors import ClassSetError
from tests.class_sets.conftest import OWNER, picture
from tests.class_sets.test_features import MeanColours


def _filled(store: ClassSetStore, each: int) -> str:
    made = store.create(OWNER)
    store.change(made.id, lambda old: old.with_class("empty"))
    for colour in ("red", "green"):
        store.add(made.id, [(colour, f"{k}.jpg", picture(colour, k)) for k in range(each)])
    return made.id


def test_a_class_without_pictures_is_left_out_and_the_others_are_learnt(store: ClassSetStore) -> None:
    taught = teach_set(store, store.open(_filled(store, 3)), MeanColours())

    assert taught.classes.names == ("red", "green")
    assert np.bincount(taught.features.labels).tolist() == [3, 3]
    assert taught.head.held_out.evaluation.accuracy == 1


def test_classes_of_one_picture_each_cannot_be_measured(store: ClassSetStore) -> None:
    with pytest.raises(ClassSetError) as refused:
        teach_set(store, store.open(_filled(store, 1)), MeanColours())

    assert refused.value.message.key == "class_sets.few_pictures"
