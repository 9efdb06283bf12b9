"""Offer the avatars that this project draws with DiceBear: two shipped data sets, and one to draw oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from core.contract.dataset_info import DatasetInfo
from core.contract.preprocessing import WHOLE
from core.datasets.data_source import DataSource
from core.datasets.dataset import Dataset
from core.datasets.dicebear.designs import DESIGNS, DRAWN_WITH, PIXEL_ART, Design
from core.datasets.dicebear.faces import FACES
from core.datasets.dicebear.packing import unpack
from core.datasets.npz_files import ARRAYS, kept_file, read_npz
from core.errors import DatasetError
from core.language import N_, gettext, join
from core.messages import Progress

SHIPPED = Path(__file__).parents[1] / "shipped"
AVATARS, LARGE_AVATARS, PIXEL_FACES = "avatars", "avatars64", "pixel_faces"


@dataclass(frozen=True)
class _Kind:
    """Content of one of the data sets."""

    title: str
    summary: str
    classes: tuple[str, ...]
    side: int  # pixels
    train_size: int
    test_size: int
    subject: str
    designs: tuple[Design, ...]


_STYLES = tuple(design.title for design in DESIGNS)
_KINDS: Mapping[str, _Kind] = {
    AVATARS: _Kind(
        N_("Avatars"),
        N_("Drawn people in ten styles, in colour."),
        _STYLES, 32, 16_000, 2_000, "avatar", DESIGNS,
    ),
    LARGE_AVATARS: _Kind(
        N_("Avatars, 64×64"),
        N_("Drawn people in ten styles, in colour. `python -m core draw-avatars` draws them with Node."),
        _STYLES, 64, 20_000, 2_000, "avatar", DESIGNS,
    ),
    PIXEL_FACES: _Kind(
        N_("Pixel faces"),
        N_("Faces of 16 by 16 pixels in colour, with and without glasses, hats and beards."),
        tuple(face.title for face in FACES), 16, 12_000, 1_200, "face", (PIXEL_ART,),
    ),
}  # fmt: skip


class Avatars(DataSource):
    """Drawn people and faces; see ``core.datasets.dicebear`` for how they are drawn."""

    prefixes: ClassVar[Sequence[str]] = tuple(_KINDS)

    def names(self) -> list[str]:
        """Return the names of the data sets on this machine: the large one is where somebody has drawn it."""
        return [name for name in _KINDS if name != LARGE_AVATARS or kept_file(name)]

    def describe(self, name: str) -> DatasetInfo:
        """Return the description, with each design's designer, source and licence."""
        if name not in _KINDS:
            raise DatasetError("datasets.unknown", name=name[:100], names=join(_KINDS))
        kind = _KINDS[name]
        designs = tuple(design.attribution for design in kind.designs)
        licences = sorted({design.licence for design in kind.designs})
        return DatasetInfo(
            name=name,
            title=gettext(kind.title),
            summary=gettext(kind.summary),
            classes=kind.classes,
            shape=(kind.side, kind.side, 3),
            subject=kind.subject,
            preprocessing_kind=WHOLE,
            train_size=kind.train_size,
            test_size=kind.test_size,
            source=gettext(
                "drawn by Deep Image Lab with {program}; designs: {designs}",
                program=DRAWN_WITH,
                designs="; ".join(designs),
            ),
            licence=join(licences),
            download_bytes=0,
            designs=designs,
        )

    def load(self, name: str, train_size: int | None, seed: int, report: Progress) -> Dataset:
        """Read the images.

        Raises:
            DatasetError: when the large data set has not been drawn, or there are fewer training images.
        """
        info = self.describe(name)
        if name == LARGE_AVATARS:
            path = kept_file(name)
            if path is None:
                raise DatasetError("datasets.not_drawn", title=info.title)
            return read_npz(path, info).subset(train_size, seed)
        arrays = unpack(SHIPPED / f"{name}.npz", info.shape[0])
        return Dataset(info, *(arrays[key] for key in ARRAYS)).subset(train_size, seed)


def face_attributes() -> tuple[np.ndarray, np.ndarray]:
    """Return which of ``ATTRIBUTES`` the pixel faces show, N×5 uint8 each, in training and test order."""
    arrays = unpack(SHIPPED / f"{PIXEL_FACES}.npz", _KINDS[PIXEL_FACES].side)
    return arrays["a_train"], arrays["a_test"]


SOURCE = Avatars()
