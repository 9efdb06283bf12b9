from __future__ import annotations

import os
import time

import pytest

from core.class_sets import class_set_store, limits
from core.class_sets.class_set_store import ClassSetStore, check_owner
from core.errors import ClassSetError
from tests.class_sets.conftest import OWNER, picture


def test_pictures_are_kept_moved_and_removed_with_their_files(store: ClassSetStore):
    made = store.create(OWNER)
    store.change(made.id, lambda old: old.with_class("red").with_class("blue"))
    filled = store.add(made.id, [("red", "a.jpg", picture("red")), ("blue", "b.jpg", picture("blue"))])
    assert store.open(made.id) == filled
    first = filled.classes[0].pictures[0].id
    red = store.picture(made.id, first).resize((1, 1)).getpixel((0, 0))
    assert red[0] > 2 * red[2]
    store.change(made.id, lambda old: old.moved(first, 1))
    assert store.picture_file(made.id, first).exists()
    store.change(made.id, lambda old: old.without_picture(first))
    store.change(made.id, lambda old: old.with_class("green"))
    assert not store.picture_file(made.id, first).exists()
    assert len(list(store.folder(made.id).glob("*.jpg"))) == 1


def test_a_refused_change_leaves_the_set_and_its_folder_as_they_were(store, monkeypatch):
    made = store.create(OWNER)
    store.change(made.id, lambda old: old.with_class("red"))
    monkeypatch.setattr(class_set_store, "MOST_VISITOR_BYTES", 10)
    with pytest.raises(ClassSetError) as refused:
        store.add(made.id, [("red", "a.jpg", picture("red"))])
    assert refused.value.message.key == "class_sets.visitor_full"
    assert store.open(made.id).pictures == []
    assert list(store.folder(made.id).glob("*.jpg")) == []


def test_a_visitor_has_a_bounded_number_of_sets_of_their_own(store, monkeypatch):
    monkeypatch.setattr(class_set_store, "MOST_SETS", 2)
    made = [store.create(OWNER) for _ in range(2)]
    store.create("b" * 32)
    assert {one.id for one in store.of(OWNER)} == {one.id for one in made}
    with pytest.raises(ClassSetError) as refused:
        store.create(OWNER)
    assert refused.value.message.key == "class_sets.no_sets_left"
    store.delete(made[0].id)
    store.create(OWNER)


@pytest.mark.parametrize("name", ["", "../../etc", "0" * 31, "0" * 32])
def test_an_id_of_no_set_is_one_sentence_and_never_a_path(store, name):
    with pytest.raises(ClassSetError) as refused:
        store.open(name)
    assert refused.value.message.key == "class_sets.missing"


def test_a_damaged_record_is_one_sentence(store):
    made = store.create(OWNER)
    (store.folder(made.id) / class_set_store.RECORD).write_text("{")
    with pytest.raises(ClassSetError) as refused:
        store.open(made.id)
    assert refused.value.message.key == "class_sets.damaged"


def test_the_last_change_can_be_taken_back_with_its_pictures(store: ClassSetStore):
    made = store.create(OWNER)
    filled = store.add(made.id, [("red", "a.jpg", picture("red"))])
    store.change(made.id, lambda old: old.without_class(0))
    assert store.change(made.id, lambda old: filled) == filled
    assert store.picture(made.id, filled.classes[0].pictures[0].id).size == (24, 24)


def test_a_copy_has_the_same_pictures_and_classes(store: ClassSetStore):
    first = store.create(OWNER)
    store.change(first.id, lambda old: old.with_class("empty"))
    filled = store.add(first.id, [("red", "a.jpg", picture("red"))])
    copied = store.add_copy(store.create("b" * 32).id, filled)
    assert set(copied.names) == {"empty", "red"}
    [(_, new)], [(_, old)] = copied.pictures, filled.pictures
    assert store.picture(copied.id, new.id) == store.picture(first.id, old.id)


def test_sets_that_nobody_changed_for_long_are_deleted(store):
    old, new = store.create(OWNER), store.create(OWNER)
    long_ago = time.time() - 1000 * class_set_store.DAY
    os.utime(store.folder(old.id) / class_set_store.RECORD, (long_ago, long_ago))
    store.sweep()
    assert [one.id for one in store.of(OWNER)] == [new.id]


def test_only_the_owner_changes_a_set(store):
    made = store.create(OWNER)
    check_owner(made, {OWNER})
    with pytest.raises(ClassSetError):
        check_owner(made, {"b" * 32})
    assert limits.MOST_SETS > 1
