"""Pass a taught head to another process, which joins it to its backbone, in a file of numbers and text."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.class_sets.held_out import TaughtHead
from core.class_sets.linear_head import LinearHead
from core.errors import ClassSetError

SUFFIX = ".head.npz"
PROBABILITIES = "probabilities"  # the output of a network with a taught head, which no other has


@dataclass(frozen=True, eq=False)
class PortableHead:
    """A taught head without its measurements, and the backbone whose features it reads."""

    classes: tuple[str, ...]
    backbone: str  # its id
    head: LinearHead
    temperature: float

    @classmethod
    def of(cls, taught: TaughtHead, classes: Sequence[str], backbone: str) -> PortableHead:
        """Return what another process needs of a taught head."""
        return cls(tuple(classes), backbone, taught.head, taught.temperature)

    def write(self, path: Path) -> None:
        """Write the head to a file, whose name should end with ``SUFFIX``."""
        with path.open("wb") as opened:
            np.savez(
                opened,
                classes=np.array(self.classes),
                backbone=np.array(self.backbone),
                weights=self.head.weights,
                bias=self.head.bias,
                temperature=np.array(self.temperature),
            )

    @classmethod
    def read(cls, path: Path) -> PortableHead:
        """Return the head in a file.

        Raises:
            ClassSetError: when the file cannot be read, or its numbers do not fit together.
        """
        try:
            with np.load(path, allow_pickle=False) as kept:
                classes = tuple(str(name) for name in kept["classes"])
                head = LinearHead(kept["weights"].astype(np.float32), kept["bias"].astype(np.float32))
                temperature = float(kept["temperature"])
                backbone = str(kept["backbone"])
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise ClassSetError("class_sets.head_damaged", name=path.name) from error
        fits = head.bias.shape == (len(classes),) and head.weights.shape[1:] == head.bias.shape
        if not fits or not temperature > 0:
            raise ClassSetError("class_sets.head_damaged", name=path.name)
        return cls(classes, backbone, head, temperature)
