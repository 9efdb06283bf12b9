"""Thumbnails of the pictures in class sets, as addresses that an HTML image takes."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageOps

from core.class_sets.class_set import ClassSet
from core.errors import ClassSetError
from core.images.encode import data_url
from pages.parts.teach import chosen_set

SIDE = 72  # pixels
KEPT = 4_000  # some 3 KB each; pictures never change


def thumbnail(described: ClassSet, picture_id: str) -> str:
    """Return the address of a picture's thumbnail, "" if the picture is missing."""
    try:
        return _thumbnail(described.id, picture_id)
    except ClassSetError:
        return ""


@lru_cache(maxsize=KEPT)
def _thumbnail(set_id: str, picture_id: str) -> str:
    picture = chosen_set.store().picture(set_id, picture_id)
    return data_url(ImageOps.fit(picture, (SIDE, SIDE), Image.Resampling.HAMMING), jpeg=True)
