"""Run the real worker, which fails as some pictures' names say: ``fragile_child.py NAME DESCRIPTOR``."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import time
from pathlib import Path

from core.errors import ImageError
from core.inference import decoding_limits, decoding_process
from core.inference.decoding_process import PictureReader
from core.inference.picture_reading import Prepared, prepare
from core.subprocesses import child

ENDLESS = "spin 60.png"
LIMIT = decoding_limits.SECONDS


def prepare_or_fail(data: bytes, name: str, **_: bool) -> Prepared:
    """Prepare a picture, after what its name says: ``crash``, ``memory`` or ``spin SECONDS [FILE]``.

    The file is made when the child begins to spin.
    """
    what, *values = name.removesuffix(".png").split()
    if what == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "memory":
        bytearray(400 * 2**20)
    if what == "spin":
        for begun in values[1:]:
            Path(begun).touch()
        end = time.process_time() + float(values[0])
        while time.process_time() < end:
            pass
    prepared = prepare(data, name)
    return dataclasses.replace(prepared, name=str(os.getpid())) if what == "pid" else prepared


class Fragile(PictureReader):
    """Fail inside the limits that hold for a picture; one that would never end is given less time."""

    decoding_process.prepare = prepare_or_fail  # type: ignore[assignment]

    def prepare(
        self, name: str, thorough: bool = True, turn: int = 0, data: bytes = b""
    ) -> Prepared | ImageError:
        decoding_limits.SECONDS = 1 if name == ENDLESS else LIMIT
        return super().prepare(name, thorough, turn, data)


if __name__ == "__main__":
    sys.exit(child.main(sys.argv[1:], {"fragile": "tests.inference.fragile_child:Fragile"}))
