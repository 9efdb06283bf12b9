"""Describe a data set as a record, and say what a data set's name looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Self

from core.contract.glyph_layouts import MNIST_LAYOUT
from core.language import gettext

DIGITS = tuple("0123456789")  # the classes of every data set of handwritten digits, in the order of labels
DRAWN = "drawn:"  # the prefix of data sets that a generator draws; the generator's name follows
OWN = "own"  # the prefix of visitors' class sets; a set's id follows after the colon
OFFLINE_DEFAULT = "drawn:dcgan"  # needs no download, so it works on every machine

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}(:[A-Za-z0-9_-]{1,64})?", re.ASCII)


@dataclass(frozen=True)
class DatasetInfo:
    """One data set; title and summary are in the language of whoever asked for the description."""

    name: str
    title: str
    summary: str
    classes: tuple[str, ...]  # by label
    shape: tuple[int, int, int]  # of an image: height, width, channels; all images are uint8
    subject: str  # an id of what the images show, such as "digit" or "clothing"
    preprocessing_kind: str  # how a visitor's picture becomes such an image: "glyph" or "whole"
    train_size: int  # images; of a data set that is drawn, the number that is drawn unless asked otherwise
    test_size: int
    source: str
    licence: str
    download_bytes: int  # 0: nothing to download
    layout: str = MNIST_LAYOUT  # of glyphs
    in_keras: bool = False  # keras.datasets has it under the same name
    designs: tuple[str, ...] = ()  # works of others in it, with designer, source and licence: to be named

    def translated(self) -> Self:
        """Return the description in the language of whoever asks."""
        return replace(
            self,
            title=gettext(self.title),
            summary=gettext(self.summary),
            source=gettext(self.source),
            licence=gettext(self.licence),
        )

    @property
    def is_published(self) -> bool:
        """True where others can download the same images; this app makes those of all other data sets."""
        return self.download_bytes > 0


def is_name(value: object) -> bool:
    """Return whether a value has the form of a data set's name, such as ``mnist`` or ``drawn:dcgan``.

    Only ``core.datasets.registry`` knows whether there is a data set of that name.
    """
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def prefix_of(name: str) -> str:
    """Return the part of a name that decides which source has the data set: all before the colon."""
    return name.partition(":")[0]
