"""Describe a class set: a visitor's own classes with their pictures, as frozen records.

Every change returns a new record. The pictures' files are in the set's folder; see ``class_set_store``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.class_sets.limits import FEWEST_CLASSES, MOST_BYTES, MOST_CLASSES, MOST_NAME, MOST_PICTURES
from core.errors import ClassSetError


@dataclass(frozen=True)
class TaughtPicture:
    """One picture of a class."""

    id: str  # unique in the set; the names of its files begin with it
    name: str  # of the file that the visitor gave, for display only
    size: int  # bytes of the kept file


@dataclass(frozen=True)
class TaughtClass:
    """A class: its name and its pictures, in the order in which they came."""

    name: str
    pictures: tuple[TaughtPicture, ...] = ()


@dataclass(frozen=True)
class ClassSet:
    """Classes of one visitor, with their pictures.

    Raises:
        ClassSetError: when there are too many classes, pictures or bytes, or two classes share a name.
    """

    id: str  # nobody can guess it
    name: str
    owner: str  # the id of the visitor who made it; "" where nobody else can see it, as on a laptop
    classes: tuple[TaughtClass, ...] = ()
    shared: bool = False  # whether others who know the id may look at it

    def __post_init__(self) -> None:
        if len(self.classes) > MOST_CLASSES:
            raise ClassSetError("class_sets.too_many_classes", most=MOST_CLASSES)
        seen: set[str] = set()
        for one in self.classes:
            if one.name.casefold() in seen:
                raise ClassSetError("class_sets.same_name", name=one.name)
            seen.add(one.name.casefold())
        pictures = [picture for _, picture in self.pictures]
        if len(pictures) > MOST_PICTURES:
            raise ClassSetError("class_sets.too_many_pictures", most=MOST_PICTURES)
        if sum(picture.size for picture in pictures) > MOST_BYTES:
            raise ClassSetError("class_sets.too_many_bytes", most=MOST_BYTES >> 20)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes, in order."""
        return tuple(one.name for one in self.classes)

    @property
    def pictures(self) -> list[tuple[int, TaughtPicture]]:
        """All pictures with the numbers of their classes."""
        return [(number, picture) for number, one in enumerate(self.classes) for picture in one.pictures]

    def number_of(self, name: str) -> int | None:
        """Return the number of the class of that name, in any case of letters; None if there is none.

        Raises:
            ClassSetError: when it can be no name.
        """
        names = [one.casefold() for one in self.names]
        wanted = checked_name(name).casefold()
        return names.index(wanted) if wanted in names else None

    def may_be_seen_by(self, visitor_ids: Iterable[str]) -> bool:
        """Return whether a visitor who knows the set's id may look at it."""
        return self.shared or self.owner == "" or self.owner in visitor_ids

    def with_class(self, name: str) -> ClassSet:
        """Return the set with one more class.

        Raises:
            ClassSetError: when the name is empty or taken, or the set is full.
        """
        return replace(self, classes=(*self.classes, TaughtClass(checked_name(name))))

    def without_class(self, number: int) -> ClassSet:
        """Return the set without a class and its pictures."""
        return replace(self, classes=self.classes[:number] + self.classes[number + 1 :])

    def renamed(self, number: int, name: str) -> ClassSet:
        """Return the set with another name for a class.

        Raises:
            ClassSetError: when the name is empty or taken.
        """
        return self._with(number, replace(self.classes[number], name=checked_name(name)))

    def with_picture(self, number: int, picture: TaughtPicture) -> ClassSet:
        """Return the set with one more picture in a class.

        Raises:
            ClassSetError: when the set is full.
        """
        one = self.classes[number]
        return self._with(number, replace(one, pictures=(*one.pictures, picture)))

    def without_picture(self, picture_id: str) -> ClassSet:
        """Return the set without a picture.

        Raises:
            ClassSetError: when it has no such picture.
        """
        number, _ = self.find(picture_id)
        one = self.classes[number]
        return self._with(number, replace(one, pictures=tuple(p for p in one.pictures if p.id != picture_id)))

    def moved(self, picture_id: str, number: int) -> ClassSet:
        """Return the set with a picture in another class, as its last.

        Raises:
            ClassSetError: when it has no such picture.
        """
        _, picture = self.find(picture_id)
        return self.without_picture(picture_id).with_picture(number, picture)

    def find(self, picture_id: str) -> tuple[int, TaughtPicture]:
        """Return a picture and the number of its class.

        Raises:
            ClassSetError: when the set has no such picture.
        """
        for number, picture in self.pictures:
            if picture.id == picture_id:
                return number, picture
        raise ClassSetError("class_sets.no_picture")

    def check_teachable(self) -> None:
        """Check that there is something to learn.

        Raises:
            ClassSetError: when there are fewer than two classes, or a class has no picture.
        """
        if len(self.classes) < FEWEST_CLASSES:
            raise ClassSetError("class_sets.too_few_classes", count=len(self.classes))
        for one in self.classes:
            if not one.pictures:
                raise ClassSetError("class_sets.empty_class", name=one.name)

    def _with(self, number: int, one: TaughtClass) -> ClassSet:
        return replace(self, classes=(*self.classes[:number], one, *self.classes[number + 1 :]))


def checked_name(name: str) -> str:
    """Return a name as it is kept: in Unicode's composed form, on one line, without spaces around it.

    Raises:
        ClassSetError: when nothing is left, or too much.
    """
    composed = unicodedata.normalize("NFC", name[: 10 * MOST_NAME])
    plain = " ".join("".join(c if c.isprintable() else " " for c in composed).split())
    if not plain:
        raise ClassSetError("class_sets.no_name")
    if len(plain) > MOST_NAME:
        raise ClassSetError("class_sets.long_name", most=MOST_NAME, count=len(plain))
    return plain


def to_json(described: ClassSet) -> dict[str, Any]:
    """Return the set as plain JSON values."""
    return {
        "id": described.id,
        "name": described.name,
        "owner": described.owner,
        "shared": described.shared,
        "classes": [
            {"name": one.name, "pictures": [[p.id, p.name, p.size] for p in one.pictures]}
            for one in described.classes
        ],
    }


def from_json(values: Any) -> ClassSet:
    """Return the set that ``to_json`` gave.

    Raises:
        ClassSetError: when the values are damaged.
    """
    try:
        classes = tuple(
            TaughtClass(
                str(one["name"]),
                tuple(TaughtPicture(str(i), str(name), int(size)) for i, name, size in one["pictures"]),
            )
            for one in values["classes"]
        )
        set_id, name, owner = (str(values[key]) for key in ("id", "name", "owner"))
        return ClassSet(set_id, name, owner, classes, bool(values["shared"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ClassSetError("class_sets.damaged", error=error) from error
