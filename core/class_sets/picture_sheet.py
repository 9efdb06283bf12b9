"""Put small copies of a set's pictures onto one sheet, which a browser loads as one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from core.class_sets.class_set_store import ClassSetStore
from core.images.encode import data_url

MOST_PIXELS = 1_600_000  # of the sheet: at most 1 MB as JPEG, half of it for photographs
SMALLEST, LARGEST = 24, 96  # pixels of a small copy's side


@dataclass(frozen=True)
class PictureSheet:
    """A sheet of square copies, in rows from the top left."""

    url: str  # an address that an HTML image takes
    columns: int
    side: int  # pixels of a copy


def picture_sheet(store: ClassSetStore, set_id: str, pictures: Sequence[str]) -> PictureSheet:
    """Return the sheet of pictures, given by their ids.

    Raises:
        ClassSetError: when a picture is missing.
    """
    count = max(1, len(pictures))
    side = int(np.clip(np.sqrt(MOST_PIXELS / count), SMALLEST, LARGEST))
    columns = int(np.ceil(np.sqrt(count)))
    sheet = Image.new("RGB", (side * columns, side * int(np.ceil(count / columns))))
    for k, one in enumerate(pictures):
        small = ImageOps.fit(store.picture(set_id, one), (side, side), Image.Resampling.BILINEAR)
        sheet.paste(small, (side * (k % columns), side * (k // columns)))
    return PictureSheet(data_url(sheet, jpeg=True), columns, side)
