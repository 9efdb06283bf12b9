from __future__ import annotations

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.class_sets import exports
from core.class_sets.class_set_store import ClassSetStore
from core.class_sets.features import backbone_id
from core.class_sets.head_files import PortableHead
from core.class_sets.held_out import teach
from core.class_sets.set_files import members
from core.errors import ClassSetError
from tests.class_sets.conftest import OWNER, clouds, picture
from tests.refusals import raises

HEAD = PortableHead.of(teach(*clouds(2, 5), 2), ("red", "blue"), "net-1")


def test_a_head_goes_to_a_child_process_as_a_file_and_comes_back_in_the_format(monkeypatch):
    def written(source: Path, form: str, out: Path, error: type) -> None:
        assert PortableHead.read(source).classes == HEAD.classes
        out.write_bytes(form.encode())

    monkeypatch.setattr(exports, "export_in_child", written)
    assert exports.exported(HEAD, "litert") == b"litert"


def test_the_sentence_of_the_child_process_reaches_the_caller(monkeypatch):
    def fails(source: Path, form: str, out: Path, error: type) -> None:
        raise error("lab.no_onnx")

    monkeypatch.setattr(exports, "export_in_child", fails)
    with raises(ClassSetError, "lab.no_onnx"):
        exports.exported(HEAD, "onnx")


@pytest.fixture
def backbone(tmp_path: Path) -> SimpleNamespace:
    """Return as much of a backbone's bundle as a script needs."""
    from core.bundles.bundle import PRETRAINED, read_card  # noqa: PLC0415

    (tmp_path / "model.keras").write_bytes(b"a model")
    return SimpleNamespace(card=read_card(PRETRAINED / "efficientnet_lite0"), folder=tmp_path)


def test_the_script_comes_with_its_backbone_and_the_pictures_of_a_set(store: ClassSetStore, backbone):
    made = store.create(OWNER)
    store.change(made.id, lambda old: old.with_class("red/1").with_class("blue"))
    filled = store.add(made.id, [("red/1", "", picture("red")), ("blue", "", picture("blue"))])
    packed = exports.script(backbone, backbone_id(backbone.card), 0.5, members(store, filled))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == [
            "learn.py",
            "backbone.keras",
            "pictures/red%2F1/0000.jpg",
            "pictures/blue/0000.jpg",
        ]


def test_a_head_of_another_backbone_has_no_script(backbone):
    with raises(ClassSetError, "class_sets.features_of_another_network"):
        exports.script(backbone, "net-1", 0.5)
