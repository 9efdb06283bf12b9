from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np

from core.class_sets import features
from core.class_sets.class_set_store import ClassSetStore
from core.class_sets.features import check_backbone, features_of
from core.contract.preprocessing import AS_IS, WHOLE, Preprocessing
from core.errors import ClassSetError
from tests.class_sets.conftest import OWNER, picture
from tests.refusals import raises


class _Card:
    preprocessing = Preprocessing(
        kind=WHOLE, height=8, width=8, channels=3, polarity=AS_IS, mean=(0.0,) * 3, scale=(255.0,) * 3
    )


class MeanColours:
    """A backbone whose features are the mean colours; it counts the pictures that it is shown."""

    card, size = _Card(), 3

    def __init__(self, name: str = "means-1") -> None:
        self.id, self.seen = name, 0

    def features(self, images: np.ndarray) -> np.ndarray:
        self.seen += len(images)
        return images.mean(axis=(1, 2)).astype(np.float16)


def test_features_are_computed_once_for_each_picture_and_backbone(store: ClassSetStore, caplog):
    made = store.create(OWNER)
    store.change(made.id, lambda old: old.with_class("red").with_class("blue"))
    filled = store.add(made.id, [("red", "", picture("red")), ("blue", "", picture("blue"))])
    backbone, other = MeanColours(), MeanColours("means-2")
    found = features_of(store, filled, backbone)
    assert found.values.argmax(axis=1).tolist() == [0, 2]
    assert found.labels.tolist() == [0, 1]
    more = store.add(made.id, [("red", "", picture("red", 1))])
    again = features_of(store, more, backbone)
    assert backbone.seen == 3
    assert np.array_equal(again.values[[0, 2]], found.values)
    features_of(store, more, other)
    assert other.seen == 3
    kept = next(store.folder(made.id).glob("*means-1.npy"))
    assert not caplog.records
    kept.write_bytes(b"damaged")
    features_of(store, more, backbone)
    assert backbone.seen == 4
    assert len(caplog.records) == 1


def test_features_that_cannot_be_kept_are_computed_and_logged_once(store: ClassSetStore, monkeypatch, caplog):
    def read_only(path: Path) -> Path:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    made = store.create(OWNER)
    store.change(made.id, lambda old: old.with_class("red").with_class("blue"))
    filled = store.add(made.id, [("red", "", picture("red")), ("blue", "", picture("blue"))])
    monkeypatch.setattr(features, "draft_file", read_only)
    assert features_of(store, filled, MeanColours()).values.argmax(axis=1).tolist() == [0, 2]
    assert len(caplog.records) == 1


def test_features_of_another_backbone_are_one_sentence():
    check_backbone("a-1", "a-1")
    with raises(ClassSetError, "class_sets.features_of_another_network"):
        check_backbone("a-1", "a-2")
