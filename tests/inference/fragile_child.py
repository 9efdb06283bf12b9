"""The real worker process, which dies of a picture that is called so: ``fragile_child.py NAME FD``."""

from __future__ import annotations

import os
import signal
import sys

from core.inference.decoding_process import PictureReader
from core.inference.picture_reading import Prepared
from core.subprocesses import child


class Fragile(PictureReader):
    def prepare(self, name: str) -> Prepared | str:
        if name == "crash.png":
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().prepare(name)


if __name__ == "__main__":
    sys.exit(child.main(sys.argv[1:], {"fragile": "tests.inference.fragile_child:Fragile"}))
