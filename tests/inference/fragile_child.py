"""Run the real worker, which fails as some pictures' names say: ``fragile_child.py NAME DESCRIPTOR``."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import time

from core.errors import ImageError
from core.inference.decoding_process import PictureReader
from core.inference.picture_reading import Prepared
from core.subprocesses import child


class Fragile(PictureReader):
    def prepare(self, name: str) -> Prepared | ImageError:
        if name == "crash.png":
            os.kill(os.getpid(), signal.SIGSEGV)
        if name == "slow.png":
            time.sleep(0.5)
        prepared = super().prepare(name)
        if name == "pid.png" and isinstance(prepared, Prepared):
            return dataclasses.replace(prepared, name=str(os.getpid()))
        return prepared


if __name__ == "__main__":
    sys.exit(child.main(sys.argv[1:], {"fragile": "tests.inference.fragile_child:Fragile"}))
