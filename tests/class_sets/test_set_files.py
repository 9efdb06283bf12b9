from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from core.class_sets import set_files
from core.class_sets.class_set_store import ClassSetStore
from core.errors import LabError
from tests.class_sets.conftest import OWNER, picture


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        for name, content in members.items():
            written.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def add(store: ClassSetStore, reducer):
    """Return a function that adds a ZIP file of these members to a new set."""

    def added(data: bytes) -> set_files.Import:
        made = store.create(OWNER)
        return set_files.add_archive(store, made.id, data, "x.zip", reducer, lambda told, share: None)

    return added


def test_a_saved_set_is_the_same_when_it_is_opened_again(store, add):
    made = store.create(OWNER)
    names = ("<b>a</b>/..", ".猫", "50%", "CON: ?")
    filled = store.add(made.id, [(names[k], "p.jpg", picture("red", k)) for k in (0, 1, 2, 3, 3)])
    opened = add(set_files.save(store, filled)).classes
    assert opened.names == filled.names == names
    assert [len(one.pictures) for one in opened.classes] == [1, 1, 1, 2]
    assert opened.id != filled.id


def test_a_class_without_pictures_is_saved_too(store, add):
    made = store.create(OWNER)
    store.change(made.id, lambda old: old.with_class("still empty/.."))
    filled = store.add(made.id, [("red", "p.jpg", picture("red"))])
    opened = add(set_files.save(store, filled)).classes
    assert set(opened.names) == {"red", "still empty/.."}
    assert sum(len(one.pictures) for one in opened.classes) == 1


def test_a_large_set_is_saved_in_parts_that_together_are_the_set(store, add, reducer):
    made = store.create(OWNER)
    filled = store.add(
        made.id, [(colour, "p.jpg", picture(colour, k)) for colour in ("red", "blue") for k in range(3)]
    )
    most = 2 * max(picture.size for _, picture in filled.pictures)
    parts = set_files.parts(filled, most)
    assert [len(part.pictures) for part in parts] == [2, 2, 2]
    opened = add(set_files.save(store, parts[0])).classes
    for part in parts[1:]:
        opened = set_files.add_archive(
            store, opened.id, set_files.save(store, part), "x.zip", reducer, lambda told, share: None
        ).classes
    assert [(one.name, len(one.pictures)) for one in opened.classes] == [("red", 3), ("blue", 3)]
    assert len(set_files.parts(filled)) == 1


def test_an_import_ends_as_soon_as_it_has_more_bytes_than_a_set_takes(store, reducer, monkeypatch):
    made, read = store.create(OWNER), []
    monkeypatch.setattr(set_files, "MOST_BYTES", 25)

    def load() -> bytes:
        read.append(1)
        return b"ten bytes."

    with pytest.raises(LabError) as refused:
        set_files.add_pictures(store, made.id, [("red", "a", load)] * 9, "x", lambda told, share: None)
    assert refused.value.message.key == "class_sets.too_many_bytes"
    assert len(read) == 3
    assert store.open(made.id) == made


def test_files_that_are_no_pictures_are_left_out_each_with_a_sentence(add):
    brought = add(
        archive(
            {
                "red/1.jpg": picture("red"),
                "blue/1.jpg": picture("blue"),
                "blue/notes.txt": b"words",
                "blue/inner.zip": archive({"a": b"b"}),
                "film/a.mp4": b"\0\0\0\x20ftypisom",
                "lying about.jpg": picture("red"),
            }
        )
    )
    assert [len(one.pictures) for one in brought.classes.classes] == [1, 1], "no class without a picture"
    keys = {told.key for told in brought.left_out}
    assert keys == {"images.not_a_picture", "images.archive_in_archive"}
    assert len(brought.left_out) == 3


@pytest.mark.parametrize(
    ("members", "key"),
    [
        ({"a.jpg": b"x"}, "class_sets.no_folders"),
        ({f"c{k}/a.jpg": b"x" for k in range(21)}, "class_sets.too_many_classes"),
        ({f"a/{k}": b"" for k in range(3000)}, "images.archive_of_too_many"),
        ({f"{'x' * 41}/a.jpg": b"x"}, "class_sets.long_name"),
    ],
)
def test_a_file_that_is_no_class_set_is_one_sentence_and_changes_nothing(add, store, members, key):
    with pytest.raises(LabError) as refused:
        add(archive(members))
    assert refused.value.message.key == key
    assert [one.classes for one in store.of(OWNER)] == [()]


def test_a_folder_of_folders_is_a_class_set(store, reducer, tmp_path: Path):
    for name in ("red", "blue"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        (tmp_path / "pets" / name / "1.jpg").write_bytes(picture(name))
    (tmp_path / "pets" / "red" / "broken.jpg").write_bytes(b"")
    made = store.create(OWNER)
    brought = set_files.add_folder(store, made.id, tmp_path / "pets", reducer, lambda told, share: None)
    assert brought.classes.names == ("blue", "red")
    assert [told.key for told in brought.left_out] == ["images.empty"]
