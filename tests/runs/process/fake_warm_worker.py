"""A warm worker with a lab that trains nothing: ``fake_warm_worker.py EVENTS SECONDS SOCKET LOCK``."""

from __future__ import annotations

import sys

from core.runs.process import launch, warm_worker, worker
from tests.runs import fake_worker


def lab() -> worker.LabFunctions:
    return worker.LabFunctions(fake_worker.lab().start, fake_worker.publish)


if __name__ == "__main__":
    launch.warm_up = lambda home: None  # the next warm worker would be a real one
    sys.exit(warm_worker.main(sys.argv[3:], lab))
