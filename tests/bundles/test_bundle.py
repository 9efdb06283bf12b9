from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.bundles import bundle as module
from core.bundles.bundle import (
    FILES,
    FORMAT,
    Bundle,
    Card,
    open_bundle,
    pretrained,
    pretrained_names,
    sha256,
    write_card,
)
from core.contract.preprocessing import GLYPH, WHOLE, standard
from core.errors import BundleError
from tests.refusals import raises

CARD = Card(
    format=FORMAT,
    title="A small CNN",
    family="cnn",
    architecture="tutorial",
    dataset="mnist",
    classes=("zero", "one"),
    shape=(28, 28, 1),
    subject="digit",
    preprocessing=standard(GLYPH, (28, 28, 1)),
    parameters=3,
    layers=(module.CardLayer(name="logits", kind="Dense", shape=(2,), parameters=3),),
    activations={"logits": (2,)},
    config={"family": "cnn"},
    metrics={"test_accuracy": 0.5},
    seed=1,
    versions={"keras": "3"},
    files={},
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def make(folder: Path) -> Path:
    """Write a bundle whose models are a few bytes."""
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(name.encode())
    write_card(folder, dataclasses.replace(CARD, files={name: sha256(folder / name) for name in FILES}))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "small")


def alter_card(folder: Path, **changes: object) -> None:
    values = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(values | changes))


def test_a_written_card_is_read_back_equal(folder):
    found = open_bundle(folder)
    assert dataclasses.replace(found.card, files={}) == CARD
    assert (found.name, found.tflite) == ("small", b"model.tflite")


@pytest.mark.parametrize("name", FILES)
def test_an_altered_file_is_refused(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes() + b"!")
    with raises(BundleError, "bundles.file_altered", name="small", file=name):
        open_bundle(folder)


@pytest.mark.parametrize("name", FILES)
def test_the_error_for_a_missing_file_names_it(folder, name):
    (folder / name).unlink()
    with raises(BundleError, "bundles.file_missing", name="small", file=name):
        open_bundle(folder)


def test_a_folder_without_a_card_holds_no_model(tmp_path):
    with raises(BundleError, "bundles.card_missing"):
        open_bundle(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"7", b"null", b"\xff\xfe", b"{}" * 2, b"[" * 10**5],
    ids=["empty", "cut", "list", "number", "null", "binary", "two", "deep"],
)
def test_a_file_that_is_not_a_card_is_refused_in_one_sentence(folder, content):
    (folder / "card.json").write_bytes(content)
    with raises(BundleError, "bundles.card_damaged", name="small"):
        open_bundle(folder)


@pytest.mark.parametrize("found", [0, 3, None, "1", True])
def test_the_error_for_a_card_in_another_format_names_both_formats(folder, found):
    alter_card(folder, format=found)
    with raises(BundleError, "bundles.card_format", found=repr(found), known=FORMAT):
        open_bundle(folder)


FIRST_FORMAT = [
    (list("0123456789"), "mnist", "digit", GLYPH),
    (list("0123456789"), "drawn:dcgan", "digit", GLYPH),
    (["T-shirt/top", "Trouser"], "fashion_mnist", "clothing", WHOLE),
    (["T-shirt/top", "Trouser"], "drawn:fashion_dcgan", "clothing", WHOLE),
    (["cat", "dog"], "drawn:20260101-120000-abc", "image", WHOLE),
]


@pytest.mark.parametrize(("classes", "dataset", "subject", "kind"), FIRST_FORMAT)
def test_a_card_in_format_1_is_read_as_the_app_of_that_time_used_it(folder, classes, dataset, subject, kind):
    values = json.loads((folder / "card.json").read_text())
    del values["subject"]
    values |= {"format": 1, "preprocessing": "grey levels", "classes": classes, "dataset": dataset}
    (folder / "card.json").write_text(json.dumps(values))
    card = open_bundle(folder).card
    assert (card.format, card.subject) == (FORMAT, subject)
    assert card.preprocessing == standard(kind, (28, 28, 1))


def test_a_card_whose_shape_contradicts_its_preprocessing_is_damaged(folder):
    alter_card(folder, shape=[32, 32, 3])
    with raises(BundleError, "bundles.card_types", name="small"):
        open_bundle(folder)


def test_networks_have_the_same_task_if_classes_and_kind_are_equal():
    whole = dataclasses.replace(CARD, preprocessing=standard(WHOLE, CARD.shape))
    assert CARD.task == dataclasses.replace(CARD, title="Another").task
    assert CARD.task != whole.task
    assert CARD.task != dataclasses.replace(CARD, classes=("one", "zero")).task


def test_a_card_without_a_field_is_damaged(folder):
    values = json.loads((folder / "card.json").read_text())
    del values["classes"]
    (folder / "card.json").write_text(json.dumps(values))
    with raises(BundleError, "bundles.card_damaged", name="small"):
        open_bundle(folder)


def test_a_card_with_an_unknown_field_is_damaged(folder):
    alter_card(folder, mood="good")
    with raises(BundleError, "bundles.card_damaged", name="small"):
        open_bundle(folder)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from([f.name for f in dataclasses.fields(Card)]), value=JSON)
def test_a_card_with_any_value_in_a_field_is_read_or_refused_in_one_sentence(folder, field, value):
    original = (folder / "card.json").read_bytes()
    alter_card(folder, **{field: value})
    try:
        found = open_bundle(folder)
    except BundleError as error:
        refusal = str(error)
        assert "\n" not in refusal
    else:
        assert all(isinstance(name, str) for name in found.card.classes)
        assert found.card.shape == found.card.preprocessing.shape
    finally:
        (folder / "card.json").write_bytes(original)


def test_the_hash_of_a_file_is_that_of_sha256sum(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(module, "PRETRAINED", tmp_path / "pretrained")
    for name in ("b", "a"):
        make(tmp_path / "pretrained" / name)
    make(tmp_path / "pretrained" / ".draft-x")  # left by a publication that was killed
    (tmp_path / "pretrained" / "a.json").write_text("{}")
    (tmp_path / "pretrained" / "half").mkdir()
    return tmp_path / "pretrained"


def test_shipped_models_are_listed_by_name_without_drafts(shipped):
    assert pretrained_names() == ["a", "b"]
    assert pretrained("b") == Bundle(shipped / "b", open_bundle(shipped / "b").card)


@pytest.mark.parametrize("name", ["", "c", "../pretrained/a", ".draft-x", "half", "a\0", "x" * 5000])
def test_the_error_for_an_unknown_name_lists_the_shipped_models(shipped, name):
    with raises(BundleError, "bundles.not_shipped", known="a, b"):
        pretrained(name)


def test_a_bundle_that_is_added_to_the_shipped_ones_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PRETRAINED", tmp_path)
    for name in ("one", ".draft", "another"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "card.json").touch()
    assert pretrained_names() == ["another", "one"]
    with monkeypatch.context() as patch:
        patch.delattr(Path, "glob")
        assert pretrained_names() == ["another", "one"], "an unchanged folder is not searched again"

    (tmp_path / "third").mkdir()
    (tmp_path / "third" / "card.json").touch()

    assert pretrained_names() == ["another", "one", "third"]
