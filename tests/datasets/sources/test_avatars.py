from __future__ import annotations

import numpy as np
import pytest

from core.datasets import registry
from core.datasets.dicebear.designs import DESIGNS
from core.datasets.dicebear.faces import ATTRIBUTES
from core.datasets.sources.avatars import AVATARS, LARGE_AVATARS, PIXEL_FACES, face_attributes
from core.errors import DatasetError
from core.messages import message


@pytest.fixture(autouse=True)
def _nothing_but_what_is_shipped(tmp_path, monkeypatch):
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", str(tmp_path))


@pytest.fixture(scope="module")
def faces():
    return registry.load(PIXEL_FACES)


def test_the_pixel_faces_come_with_the_app_equally_many_of_each_class(faces):
    assert faces.x_train.shape == (12_000, 16, 16, 3)
    assert faces.x_test.shape == (1_200, 16, 16, 3)
    assert np.bincount(faces.y_train).tolist() == 6 * [2_000]
    assert np.bincount(faces.y_test).tolist() == 6 * [200]
    assert (faces.info.train_size, faces.info.test_size) == (12_000, 1_200)


def test_the_classes_of_the_faces_are_what_their_attributes_say(faces):
    shown = dict(zip(ATTRIBUTES, face_attributes()[0].T.astype(bool), strict=True))
    by_class = {name: faces.y_train == label for label, name in enumerate(faces.info.classes)}
    assert np.array_equal(by_class["Hat"], shown["hat"])
    assert np.array_equal(by_class["Beard"], shown["beard"])
    plain = ~shown["hat"] & ~shown["beard"]
    assert np.array_equal(by_class["Long hair, glasses"], plain & shown["long_hair"] & shown["glasses"])
    assert np.array_equal(by_class["Short hair"], plain & ~shown["long_hair"] & ~shown["glasses"])
    assert 0.1 < shown["earrings"].mean() < 0.3


def test_avatars_come_with_the_app_in_ten_styles():
    data = registry.load(AVATARS, train_size=200)
    assert data.x_train.shape == (200, 32, 32, 3)
    assert data.x_test.shape == (data.info.test_size, 32, 32, 3)
    assert data.info.classes == tuple(design.title for design in DESIGNS)
    assert not registry.needs_download(AVATARS)


@pytest.mark.parametrize("name", [AVATARS, PIXEL_FACES])
def test_the_description_names_the_designer_the_source_and_the_licence_of_each_design(name):
    info = registry.describe(name)
    designs = DESIGNS if name == AVATARS else DESIGNS[-1:]
    assert all(design.attribution in info.source for design in designs)
    assert all(design.licence in info.licence for design in designs)
    assert info.name in registry.names()


def test_the_large_avatars_are_offered_where_they_have_been_drawn(tmp_path):
    assert LARGE_AVATARS not in registry.names()
    with pytest.raises(DatasetError) as caught:
        registry.load(LARGE_AVATARS)
    assert caught.value.message == message("datasets.not_drawn", title=caught.value.message.values["title"])
    images, labels = np.zeros((20, 64, 64, 3), np.uint8), np.arange(20, dtype=np.uint8) % 10
    np.savez(tmp_path / "avatars64.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    assert LARGE_AVATARS in registry.names()
    assert registry.load(LARGE_AVATARS, train_size=5).x_train.shape == (5, 64, 64, 3)


def test_an_unknown_name_is_refused():
    with pytest.raises(DatasetError):
        registry.describe("avatars:x")
