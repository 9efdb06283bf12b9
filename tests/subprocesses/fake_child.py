"""The real worker process with an experiment that needs no TensorFlow: ``fake_child.py IDLE NAME FD``."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from typing import Any

import numpy as np

from core.errors import ConfigError
from core.messages import Progress, message
from core.subprocesses import child


class Counter:
    def __init__(self, progress: Progress, start: int = 0) -> None:
        if start < 0:
            raise ConfigError("settings.whole_number", name="start", low=0, high=9, value=start)
        self.progress, self.value = progress, start

    def add(self, number: float) -> dict[str, Any]:
        if math.isnan(number):
            raise ConfigError("settings.number", name="number", low=0, high=9, value="nan")
        self.value += number
        return {"value": self.value, "history": np.arange(self.value), "pid": os.getpid()}

    def stumble(self) -> None:
        raise ZeroDivisionError

    def die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def sleep(self, seconds: float) -> str:
        time.sleep(seconds)
        return "awake"

    def count(self, steps: int, seconds: float) -> int:
        for i in range(steps):
            time.sleep(seconds)
            self.progress(message("datasets.drawing", total=i), (i + 1) / steps)
        return steps


if __name__ == "__main__":
    here = {"counter": "tests.subprocesses.fake_child:Counter"}
    sys.exit(child.main([*sys.argv[2:], "--idle", sys.argv[1]], here))
