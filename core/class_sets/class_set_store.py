"""Keep class sets below the home folder, each in a folder of its own.

<home>/class_sets/<id>/  set.json                     the record, see class_set.py
                         <picture>.jpg                a picture, reduced and encoded again
                         <picture>.<backbone>.npy     its features, see features.py

A set's record is written last, so it never names a picture that is not there. The files of a picture that a
change removes stay until the next change, so that the last change can be taken back.
"""

from __future__ import annotations

import io
import json
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from PIL import Image

from core import settings
from core.class_sets.class_set import ClassSet, TaughtPicture, checked_name, from_json, to_json
from core.class_sets.limits import MOST_SETS, MOST_VISITOR_BYTES, SUFFIX
from core.drafts import draft_file
from core.errors import ClassSetError
from core.images.archive import printable_path
from core.runs.store import locks

RECORD, LOCK = "set.json", "lock"
NEW_SET = "My classes"
DAY = 86_400.0  # seconds

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_PICTURE_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)


class ClassSetStore:
    """All class sets below one home folder; several processes may use it at once."""

    def __init__(self, home: Path) -> None:
        self._sets = home / "class_sets"

    def create(self, owner: str, name: str = NEW_SET) -> ClassSet:
        """Create an empty set and return it.

        Raises:
            ClassSetError: when the visitor has too many sets, or the disk is full.
        """
        self.sweep()
        if owner and len(self.of(owner)) >= MOST_SETS:
            raise ClassSetError("class_sets.no_sets_left", most=MOST_SETS)
        created = ClassSet(secrets.token_hex(16), checked_name(name), owner)
        with disk_errors():
            self._sets.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder(created.id).mkdir()
            _write(self.folder(created.id), created)
        return created

    def open(self, set_id: str) -> ClassSet:
        """Return the set of an id.

        Raises:
            ClassSetError: when there is none, or it is damaged.
        """
        try:
            return from_json(json.loads((self.folder(set_id) / RECORD).read_text(encoding="utf-8")))
        except OSError as error:
            raise ClassSetError("class_sets.missing") from error
        except (ValueError, RecursionError) as error:
            raise ClassSetError("class_sets.damaged", error=error) from error

    def of(self, owner: str) -> list[ClassSet]:
        """Return the sets of a visitor, the one changed last first."""
        found = []
        for folder in self._folders():
            with suppress(ClassSetError, OSError):
                if _owner(folder / RECORD, (folder / RECORD).stat().st_mtime_ns) == owner:
                    found.append(self.open(folder.name))
        return sorted(found, key=lambda one: self._changed(one.id), reverse=True)

    def change(self, set_id: str, changed: Callable[[ClassSet], ClassSet]) -> ClassSet:
        """Replace a set by what a function makes of it, and return that.

        Raises:
            ClassSetError: when there is no such set, the change is not possible, or the disk is full; the
                set then is as it was.
        """
        with self._locked(set_id):
            old = self.open(set_id)
            new = replace(changed(old), id=set_id)
            with disk_errors():
                _write(self.folder(set_id), new)
            self._delete_unnamed(set_id, old, new)
        return new

    def add(
        self, set_id: str, pictures: Sequence[tuple[str, str, bytes]], classes: Sequence[str] = ()
    ) -> ClassSet:
        """Add pictures, and classes that are missing; return the set.

        Of each picture are given its class's name, its own, and the reduced file. ``classes`` get no picture.

        Raises:
            ClassSetError: when the set or the visitor's space is full; no picture is added then.
        """
        new = [
            (one, TaughtPicture(secrets.token_hex(8), printable_path(name), len(file)), file)
            for one, name, file in pictures
        ]

        def filled(old: ClassSet) -> ClassSet:
            with disk_errors():
                for one, picture, file in new:
                    number = old.number_of(one)
                    if number is None:
                        old, number = old.with_class(one), len(old.classes)
                    old = old.with_picture(number, picture)
                    self.picture_file(set_id, picture.id).write_bytes(file)
            for one in classes:
                if old.number_of(one) is None:
                    old = old.with_class(one)
            self._check_space(old)
            return old

        try:
            return self.change(set_id, filled)
        except ClassSetError:
            for _, picture, _ in new:
                self.picture_file(set_id, picture.id).unlink(missing_ok=True)
            raise

    def add_copy(self, set_id: str, copied: ClassSet) -> ClassSet:
        """Add the classes and pictures of another set; return the set.

        Raises:
            ClassSetError: when the set or the visitor's space is full, or a picture is missing.
        """
        pictures = [
            (one.name, picture.name, self.content(copied.id, picture.id))
            for one in copied.classes
            for picture in one.pictures
        ]
        return self.add(set_id, pictures, copied.names)

    def picture(self, set_id: str, picture_id: str) -> Image.Image:
        """Return a picture, RGB.

        Raises:
            ClassSetError: when it cannot be read.
        """
        try:
            return reduced_picture(self.content(set_id, picture_id))
        except OSError as error:
            raise ClassSetError("class_sets.no_picture") from error

    def content(self, set_id: str, picture_id: str) -> bytes:
        """Return a picture's file.

        Raises:
            ClassSetError: when it cannot be read.
        """
        try:
            return self.picture_file(set_id, picture_id).read_bytes()
        except OSError as error:
            raise ClassSetError("class_sets.no_picture") from error

    def picture_file(self, set_id: str, picture_id: str) -> Path:
        """Return the path of a picture's file.

        Raises:
            ClassSetError: when the id has another form than a picture's.
        """
        if not _PICTURE_ID.fullmatch(picture_id):
            raise ClassSetError("class_sets.no_picture")
        return self.folder(set_id) / f"{picture_id}{SUFFIX}"

    def delete(self, set_id: str) -> None:
        """Delete a set with its pictures, if there is one."""
        shutil.rmtree(self.folder(set_id), ignore_errors=True)

    def folder(self, set_id: str) -> Path:
        """Return the folder of a set, which need not exist.

        Raises:
            ClassSetError: when the id has another form than a set's.
        """
        if not _ID.fullmatch(set_id):
            raise ClassSetError("class_sets.missing")
        return self._sets / set_id

    def sweep(self) -> None:
        """Delete the sets that nobody has changed for as long as the settings keep runs.

        Raises:
            SettingsError: when a setting has a value that it cannot take.
        """
        days = settings.current().keep_days
        for folder in self._folders() if days else ():
            changed = self._changed(folder.name)
            if changed and time.time() - changed > days * DAY:
                self.delete(folder.name)

    def _folders(self) -> list[Path]:
        found = sorted(self._sets.glob("*")) if self._sets.is_dir() else []
        return [folder for folder in found if _ID.fullmatch(folder.name)]

    def _changed(self, set_id: str) -> float:
        with suppress(OSError):
            return (self.folder(set_id) / RECORD).stat().st_mtime
        return 0.0

    def _check_space(self, new: ClassSet) -> None:
        if not new.owner:
            return
        others = [one for one in self.of(new.owner) if one.id != new.id]
        if sum(picture.size for one in (*others, new) for _, picture in one.pictures) > MOST_VISITOR_BYTES:
            raise ClassSetError("class_sets.visitor_full", most=MOST_VISITOR_BYTES >> 20)

    def _delete_unnamed(self, set_id: str, *kept: ClassSet) -> None:
        named = {picture.id for one in kept for _, picture in one.pictures}
        for file in self.folder(set_id).glob("*.*"):
            if file.name != RECORD and file.name.partition(".")[0] not in named:
                file.unlink(missing_ok=True)

    @contextmanager
    def _locked(self, set_id: str) -> Iterator[None]:
        folder = self.folder(set_id)
        if not folder.is_dir():
            raise ClassSetError("class_sets.missing")
        with locks.exclusive(folder / LOCK):
            yield


def reduced_picture(content: bytes) -> Image.Image:
    """Return a picture, RGB, that the child has reduced: a small JPEG file.

    Raises:
        OSError: when it is damaged.
    """
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as opened:
        return opened.convert("RGB")


def own_class_sets() -> ClassSetStore:
    """Return the class sets in the home folder of this process."""
    return ClassSetStore(settings.current().home)


def check_owner(described: ClassSet, visitor_ids: Iterable[str]) -> None:
    """Check that a visitor may change a set; one without an owner belongs to whoever runs the app.

    Raises:
        ClassSetError: when the set is another visitor's.
    """
    if described.owner and described.owner not in visitor_ids:
        raise ClassSetError("class_sets.not_yours")


@lru_cache(maxsize=10_000)
def _owner(record: Path, changed: int) -> str | None:
    """Return the owner of the set in a file of that age, None if it is damaged; each file is read once."""
    try:
        return from_json(json.loads(record.read_text(encoding="utf-8"))).owner
    except (ClassSetError, ValueError, RecursionError):
        return None


def _write(folder: Path, described: ClassSet) -> None:
    with draft_file(folder / RECORD) as draft:
        draft.write_text(json.dumps(to_json(described), ensure_ascii=False), encoding="utf-8")


@contextmanager
def disk_errors() -> Iterator[None]:
    """Raise a failure to write within as a ``ClassSetError``."""
    try:
        yield
    except OSError as error:
        raise ClassSetError("class_sets.disk_full", error=error.strerror or str(error)) from error
